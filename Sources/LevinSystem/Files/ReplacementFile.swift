/// A file that is written in pieces and appears whole under its name, or not at all: until ``finish()`` whatever was
/// there stays.
package struct ReplacementFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let file: OpenFile
  /// Small pieces on their way, and their bytes.
  private let buffer: UnsafeMutableRawBufferPointer
  private var count = 0

  /// A new file that is to stand at `path`.
  package init(_ path: String) throws(FileError) {
    let (file, temporaryPath) = try OpenFile.temporary(for: path)
    self.path = path
    self.file = file
    self.temporaryPath = temporaryPath
    buffer = .allocate(byteCount: 1 << 16, alignment: 16)
  }

  deinit {
    buffer.deallocate()
    // Gone already when it was put under its name.
    FileSystem.removeFile(temporaryPath)
  }

  /// Adds bytes.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    if count + bytes.count > buffer.count { try writeBuffer() }
    guard bytes.count <= buffer.count else { return try file.write(bytes) }
    UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: bytes)
    count += bytes.count
  }

  private mutating func writeBuffer() throws(FileError) {
    try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    count = 0
  }

  /// Puts the file on the disk and under its name.
  package consuming func finish() throws(FileError) {
    try writeBuffer()
    try file.synchronize()
    try FileSystem.rename(temporaryPath, to: path)
    // The rename itself is on the disk only when the folder is; the file is whole either way.
    FileSystem.synchronizeNames(in: FileSystem.folder(of: path))
  }
}

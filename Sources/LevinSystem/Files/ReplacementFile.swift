/// A file that is written in pieces and replaces the one at its path in one step.
///
/// Until ``finish()``, whatever was there stays.
package struct ReplacementFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let file: OpenFile
  /// Collects small pieces before they are written.
  private let buffer: UnsafeMutableRawBufferPointer
  private var count = 0

  /// Begins a file that ``finish()`` puts at `path`.
  package init(_ path: String) throws(FileError) {
    let (file, temporaryPath) = try OpenFile.temporary(for: path)
    self.path = path
    self.file = file
    self.temporaryPath = temporaryPath
    buffer = .allocate(byteCount: 1 << 16, alignment: 16)
  }

  deinit {
    buffer.deallocate()
    // Does nothing after `finish()`, which renamed the file.
    FileSystem.removeFile(temporaryPath)
  }

  /// Appends bytes.
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

  /// Syncs the file and renames it to its path.
  package consuming func finish() throws(FileError) {
    try writeBuffer()
    try file.synchronize()
    try FileSystem.rename(temporaryPath, to: path)
    // The rename is on the disk only once the folder is synced; the file is whole either way.
    FileSystem.synchronizeNames(in: FileSystem.folder(of: path))
  }
}

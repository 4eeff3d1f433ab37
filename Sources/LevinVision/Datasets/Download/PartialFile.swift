internal import LevinFormats
internal import LevinSystem

/// A download that is not complete yet: `NAME.part` beside the file's final place.
///
/// It is locked, so that two processes never write to it at the same time. It stays if a download breaks off, and is
/// renamed when the file is complete.
final class PartialFile {
  private let finalPath: String
  private let file: OpenFile
  /// The number of bytes so far.
  private(set) var count: Int

  /// Opens or creates the partial file of `path`; nil if another process has locked it.
  static func lock(_ path: String) throws(FileError) -> PartialFile? {
    let file = try OpenFile(path + ".part", for: .updating)
    return file.tryLock() ? try PartialFile(file, finalPath: path) : nil
  }

  private init(_ file: OpenFile, finalPath: String) throws(FileError) {
    self.file = file
    self.finalPath = finalPath
    count = try file.status().length
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try file.write(bytes, at: count, done: &count)
  }

  /// Removes all bytes.
  func clear() throws(FileError) {
    try file.truncate(to: 0)
    count = 0
  }

  /// The SHA-256 of the bytes so far.
  func sha256() throws(FileError) -> String {
    var hash = SHA256()
    var place = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    while place < count {
      let read = try file.read(into: buffer, at: place)
      guard read > 0 else { throw .endedEarly(file.path) }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<read]))
      place += read
    }
    return hash.finalized()
  }

  /// Syncs the file and renames it into place.
  func commit() throws(FileError) {
    try file.synchronize()
    try FileSystem.rename(file.path, to: finalPath)
  }

  /// Removes the file if it is empty.
  func removeIfEmpty() {
    if count == 0 { FileSystem.removeFile(file.path) }
  }
}

internal import LevinFormats

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A download that is not complete yet: `NAME.part` beside the file's final place.
///
/// It is locked, so that two processes never write to it at once. It stays if a download breaks
/// off, and is renamed when the file is complete.
final class PartialFile {
  private let path: String
  private let finalPath: String
  private let file: Int32
  /// The number of bytes so far.
  private(set) var count: Int

  /// Opens or creates the partial file of `path`; nil if another process holds it.
  static func lock(_ path: String) throws(FileError) -> PartialFile? {
    let partial = path + ".part"
    let file = open(partial, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw FileError(.write, path: partial, code: errno) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      return nil
    }
    return PartialFile(path: partial, finalPath: path, file: file)
  }

  private init(path: String, finalPath: String, file: Int32) {
    self.path = path
    self.finalPath = finalPath
    self.file = file
    count = max(0, Int(lseek(file, 0, SEEK_END)))
  }

  deinit { close(file) }

  func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let written = pwrite(file, start, rest.count, off_t(count))
      if written < 0 {
        if errno == EINTR { continue }
        throw FileError(.write, path: path, code: errno)
      }
      count += written
      rest = rest.dropFirst(written)
    }
  }

  /// Discards all bytes.
  func clear() throws(FileError) {
    guard ftruncate(file, 0) == 0 else { throw FileError(.write, path: path, code: errno) }
    count = 0
  }

  /// The SHA-256 of the bytes so far.
  func sha256() throws(FileError) -> String {
    var hash = SHA256()
    var place = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while place < count {
      let (read, code) = buffer.withUnsafeMutableBytes { buffer in
        let read = pread(file, buffer.baseAddress, buffer.count, off_t(place))
        return (read, errno)
      }
      if read < 0 && code == EINTR { continue }
      guard read > 0 else { throw FileError(.read, path: path, code: read < 0 ? code : EIO) }
      buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<read])) }
      place += read
    }
    return hash.finalized()
  }

  /// Syncs the file and renames it into place.
  func commit() throws(FileError) {
    guard fsync(file) == 0, rename(path, finalPath) == 0 else {
      throw FileError(.write, path: finalPath, code: errno)
    }
  }

  /// Removes the file if nothing is in it.
  func removeIfEmpty() {
    if count == 0 { unlink(path) }
  }
}

internal import LevinLibC

/// An open file or folder.
///
/// It is closed with the last reference, and in programs that this process starts.
package final class OpenFile: Sendable {
  /// What a file is opened for.
  package enum Purpose: Sendable {
    /// Reading a file or a pipe.
    case reading
    /// Reading what should be a file: opening a pipe that has no writer does not block.
    case readingWithoutWaiting
    /// Locking a folder.
    case folder
    /// Writing at the end of a new file.
    case creating
    /// Reading and writing; the file is created if it does not exist.
    case updating

    fileprivate var flags: Int32 {
      switch self {
      case .reading: O_RDONLY
      case .readingWithoutWaiting: O_RDONLY | O_NONBLOCK
      case .folder: O_RDONLY | O_DIRECTORY
      case .creating: O_WRONLY | O_CREAT | O_EXCL | O_APPEND
      case .updating: O_RDWR | O_CREAT
      }
    }
    fileprivate var operation: FileError.Operation {
      self == .creating || self == .updating ? .write : .read
    }
  }
  /// The path it was opened with, for error messages.
  package let path: String
  private let descriptor: Int32

  /// Opens the file or folder at `path`.
  package init(_ path: String, for purpose: Purpose) throws(FileError) {
    descriptor = open(path, purpose.flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .current(purpose.operation, path) }
    self.path = path
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Creates a new, hidden file in the folder of `path`, and returns it with its own path; its errors name `path`.
  static func temporary(for path: String) throws(FileError) -> (file: OpenFile, path: String) {
    // Not named like the final file: programs that look for files by name would mistake it for one.
    var name = Array(FileSystem.joined(FileSystem.folder(of: path), ".levin-XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw .current(.write, path) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    // mkstemp creates files that only the owner can read; people share checkpoints.
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
    let place = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    return (OpenFile(path: path, descriptor: descriptor), place)
  }

  deinit { close(descriptor) }

  /// The current status of the file.
  package func status() throws(FileError) -> FileStatus { try FileStatus(descriptor, path: path) }

  /// Reads up to `destination.count` bytes, from `offset` or else from the current position; returns 0 at the end of
  /// the file.
  package func read(
    into destination: UnsafeMutableRawBufferPointer, at offset: Int? = nil
  ) throws(FileError) -> Int {
    // Some systems refuse more than 2 GiB at once.
    let most = min(destination.count, 1 << 30)
    while true {
      let count =
        if let offset { pread(descriptor, destination.baseAddress, most, off_t(offset)) } else {
          LevinLibC.read(descriptor, destination.baseAddress, most)
        }
      if count >= 0 { return count }
      if errno != EINTR { throw .current(.read, path) }
    }
  }

  /// Maps the first `count` bytes for reading; the memory stays when the file is closed, until `munmap`.
  func map(count: Int) throws(FileError) -> UnsafeRawBufferPointer {
    // Nothing cannot be mapped.
    guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let start, start != UnsafeMutableRawPointer(bitPattern: -1) else {
      throw .current(.read, path)
    }
    return UnsafeRawBufferPointer(start: start, count: count)
  }

  /// Writes all of `bytes`, at `offset` or else at the current position.
  ///
  /// - Parameter done: Grows by the number of bytes written, even if this throws.
  package func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int? = nil, done: inout Int
  ) throws(FileError) {
    let before = done
    while let start = bytes.baseAddress, done - before < bytes.count {
      let begun = done - before
      let most = min(bytes.count - begun, 1 << 30)
      let count =
        if let offset { pwrite(descriptor, start + begun, most, off_t(offset + begun)) } else {
          LevinLibC.write(descriptor, start + begun, most)
        }
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw .current(.write, path)
      }
    }
  }

  /// Writes all of `bytes` at the current position.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var done = 0
    try write(bytes, done: &done)
  }

  /// Removes all bytes from `length` on.
  package func truncate(to length: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw .current(.write, path) }
  }

  /// Syncs the file to the disk; does nothing for a file that cannot be synced, such as a pipe.
  package func synchronize() throws(FileError) {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .current(.write, path) }
  }

  // Advisory locks (`flock`), seen by other processes; without effect if the file system has none.

  /// Locks the file unless another holder has it; returns whether it is now locked by this one.
  package func tryLock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  /// Waits until no other holder has the lock, and locks the file.
  package func lock() { while flock(descriptor, LOCK_EX) != 0, errno == EINTR {} }

  /// Unlocks the file, also for a forked process that shares it.
  package func unlock() { flock(descriptor, LOCK_UN) }

  /// Whether anyone has locked the file or folder at `path`.
  package static func isLocked(_ path: String) -> Bool {
    guard let file = try? OpenFile(path, for: .readingWithoutWaiting) else { return false }
    // A shared lock, so that two processes that ask at the same time do not see each other.
    return flock(file.descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Whether `path` leads to this file.
  package func isAt(_ path: String) -> Bool {
    guard let status = try? status() else { return false }
    return (try? FileStatus(path))?.identity == status.identity
  }

  /// The current path of the file; nil if it was removed, or the system does not say.
  package var currentPath: String? {
    #if canImport(Darwin)
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      guard fcntl(descriptor, F_GETPATH, &buffer) == 0 else { return nil }
      let path = String(
        decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    #else
      guard let path = FileSystem.realPath("/proc/self/fd/\(descriptor)") else { return nil }
    #endif
    return isAt(path) ? path : nil
  }
}

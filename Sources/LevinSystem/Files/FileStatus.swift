internal import LevinLibC

/// What the system reports about a file (`stat`).
package struct FileStatus: Sendable {
  /// What a path leads to, with links followed.
  package enum Kind: Sendable { case folder, file, other }
  /// Equal for all paths to the same file, and different for all other files that exist at the time.
  package struct Identity: Sendable, Hashable {
    fileprivate let device, number: UInt64
  }
  /// The kind of file.
  package let kind: Kind
  /// The size in bytes.
  package let length: Int
  /// The number of hard links; 0 for a file that was removed while open.
  package let linkCount: Int
  /// The file's identity (device and inode).
  package let identity: Identity
  /// When it was last changed, in nanoseconds since 1970.
  package let modificationTime: Int

  /// The status of the file at `path`.
  package init(_ path: String) throws(FileError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .current(.read, path) }
    self.init(status)
  }

  init(_ descriptor: Int32, path: String) throws(FileError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .current(.read, path) }
    self.init(status)
  }

  private init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFDIR: .folder
      case S_IFREG: .file
      default: .other
      }
    length = Int(status.st_size)
    linkCount = Int(status.st_nlink)
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      number: UInt64(truncatingIfNeeded: status.st_ino))
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    modificationTime = time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

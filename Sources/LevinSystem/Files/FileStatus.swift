internal import LevinLibC

/// What the system says of a file.
package struct FileStatus: Sendable {
  /// What a path leads to, links followed.
  package enum Kind: Sendable { case folder, file, other }
  /// The same for all paths that lead to a file, and for no other file at that moment.
  package struct Identity: Sendable, Hashable {
    fileprivate let device, number: UInt64
  }
  /// What it is.
  package let kind: Kind
  /// Its bytes.
  package let length: Int
  /// How many names it has; 0 for a file that was removed while open.
  package let linkCount: Int
  /// Which one it is.
  package let identity: Identity
  /// When it was last changed, in nanoseconds since 1970.
  package let modificationTime: Int

  /// The status of what is at `path`.
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

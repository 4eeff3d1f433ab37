#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The few system calls that runs need.
package enum Platform {
  /// Creates the folder at `path`; returns 0 or the system's error number.
  static func makeFolder(_ path: String) -> Int32 { mkdir(path, 0o777) == 0 ? 0 : errno }
  static let alreadyExists = EEXIST

  static var processID: Int32 { getpid() }

  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, in no order; empty where it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
          String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// When a file was last changed, in nanoseconds since 1970; nil where there is none.
  static func modificationTime(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  static func removeFile(_ path: String) { unlink(path) }

  /// Removes a folder with the files in it, as far as that can be done.
  static func removeFolder(_ path: String) {
    for name in names(in: path) { unlink(RunFolder.joined(path, name)) }
    rmdir(path)
  }

  /// The path without symbolic links; nil where there is nothing.
  static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Whether this process could make files below `path`, of which the last parts may be missing yet; 0 or the
  /// system's error number.
  static func writeProblem(_ path: String) -> Int32 {
    var path = path
    while true {
      if isFolder(path) { return access(path, W_OK | X_OK) == 0 ? 0 : errno }
      if access(path, F_OK) == 0 { return ENOTDIR }
      guard errno == ENOENT else { return errno }
      guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
        path = path.hasPrefix("/") ? "/" : "."
        continue
      }
      path = String(path[..<slash])
    }
  }

  /// Opens a folder and locks it for this process; nil where another one holds it.
  static func lockFolder(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// Whether a process holds the lock of ``lockFolder(_:)``.
  static func isLocked(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // A shared lock, so that two who ask at once do not see each other.
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  static func unlock(_ descriptor: Int32) { close(descriptor) }

  static let isMissing = ENOENT

  /// Whether an open folder is the one at `path`.
  static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (open, named) = (stat(), stat())
    return fstat(descriptor, &open) == 0 && stat(path, &named) == 0
      && open.st_dev == named.st_dev && open.st_ino == named.st_ino
  }

  /// Where an open folder is now; nil where it was removed, or the system does not say.
  static func path(of descriptor: Int32) -> String? {
    #if canImport(Darwin)
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      guard fcntl(descriptor, F_GETPATH, &buffer) == 0 else { return nil }
      let path = String(
        decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    #else
      guard let path = realPath("/proc/self/fd/\(descriptor)") else { return nil }
    #endif
    return isSame(descriptor, path) ? path : nil
  }

  /// Writes a line to standard error in one piece, with control characters made visible.
  package static func printError(_ line: String) {
    let bytes = Array((Terminal.visible(line, keepsLines: true) + "\n").utf8)
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(STDERR_FILENO, $0.baseAddress.map { $0 + start }, bytes.count - start)
      }
      guard count > 0 else { return }
      start += count
    }
  }

  /// Empties the standard output's buffer and ends the process.
  static func exit(_ status: Int32) -> Never {
    fflush(nil)
    #if canImport(Glibc)
      Glibc.exit(status)
    #elseif canImport(Musl)
      Musl.exit(status)
    #else
      Darwin.exit(status)
    #endif
  }
}

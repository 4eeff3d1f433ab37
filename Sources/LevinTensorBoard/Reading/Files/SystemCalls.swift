#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The text of an `errno`.
func systemMessage(_ code: Int32) -> String {
  guard let text = strerror(code) else { return "error \(code)" }
  return String(cString: text)
}

/// A file opened for reading at any offset; closed on deinitialization.
struct ReadableFile: ~Copyable {
  let path: String
  private let descriptor: CInt

  init(path: String) throws(EventFileError) {
    // O_NONBLOCK: opening a named pipe without a writer would wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(operation: "look at", path: path, code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notAFile(path: path)
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The length now, in bytes.
  func length() throws(EventFileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .system(operation: "look at", path: path, code: errno)
    }
    return Int(status.st_size)
  }

  /// Reads up to `destination.count` bytes from `offset`; 0 at the end of the file.
  func read(
    into destination: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(EventFileError) -> Int {
    while true {
      let count = pread(descriptor, destination.baseAddress, destination.count, off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR { throw .system(operation: "read", path: path, code: errno) }
    }
  }
}

/// What a path leads to, links followed.
enum PathKind { case missing, folder, file, other }

func kindOfPath(_ path: String) -> PathKind {
  var status = stat()
  guard stat(path, &status) == 0 else { return .missing }
  switch status.st_mode & S_IFMT {
  case S_IFDIR: return .folder
  case S_IFREG: return .file
  default: return .other
  }
}

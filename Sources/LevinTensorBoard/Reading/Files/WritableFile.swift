#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A file that is written in pieces and appears whole under its name, or not at all.
struct WritableFile: ~Copyable {
  private let path: String
  private let temporaryPath: [CChar]
  private let stream: UnsafeMutablePointer<FILE>

  init(replacing path: String) throws(EventFileError) {
    // Not named like the file: TensorBoard would take it for an event file.
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    var template = Array((folder + ".levin-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .system(operation: "write", path: path, code: errno) }
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
    guard let stream = fdopen(descriptor, "wb") else {
      let code = errno
      close(descriptor)
      unlink(template)
      throw .system(operation: "write", path: path, code: code)
    }
    self.path = path
    temporaryPath = template
    self.stream = stream
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(EventFileError) {
    guard fwrite(bytes.baseAddress, 1, bytes.count, stream) == bytes.count else {
      throw .system(operation: "write", path: path, code: errno)
    }
  }

  /// Puts the file under its name.
  consuming func finish() throws(EventFileError) {
    guard fflush(stream) == 0, fsync(fileno(stream)) == 0, rename(temporaryPath, path) == 0 else {
      throw .system(operation: "write", path: path, code: errno)
    }
  }

  deinit {
    fclose(stream)
    // Gone already when it was put under its name.
    unlink(temporaryPath)
  }
}

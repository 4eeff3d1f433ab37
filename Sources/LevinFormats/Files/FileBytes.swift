#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Whole files as bytes.
public enum FileBytes {
  /// The bytes of the file at `path`; throws if there are more than `limit`.
  public static func read(_ path: String, limit: Int = 1 << 40) throws(FileError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .current(.read, path) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .current(.read, path) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw FileError(.read, path: path, code: EISDIR)
    }
    guard Int(status.st_size) <= limit else { throw FileError(.read, path: path, code: EFBIG) }
    // A regular file says its size; a pipe says 0, and is read until it ends.
    var bytes: [UInt8] = []
    var capacity = max(Int(status.st_size), 0) + 1
    while true {
      let start = bytes.count
      let (chunk, code) = readChunk(of: capacity - start, from: file)
      if code != 0 { throw FileError(.read, path: path, code: code) }
      if start == 0 { bytes = chunk } else { bytes += chunk }
      guard bytes.count <= limit else { throw FileError(.read, path: path, code: EFBIG) }
      if bytes.count < capacity { return bytes }
      capacity *= 2
    }
  }

  /// Up to `count` bytes, fewer only at the end of the file, and the error number or 0.
  private static func readChunk(of count: Int, from file: Int32) -> ([UInt8], Int32) {
    var code: Int32 = 0
    let chunk = [UInt8](largeCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        #if canImport(Darwin)
          let result = Darwin.read(file, start + filled, min(count - filled, 1 << 30))
        #elseif canImport(Musl)
          let result = Musl.read(file, start + filled, min(count - filled, 1 << 30))
        #else
          let result = Glibc.read(file, start + filled, min(count - filled, 1 << 30))
        #endif
        if result > 0 {
          filled += result
        } else if result == 0 {
          return
        } else if errno != EINTR {
          code = errno
          return
        }
      }
    }
    return (chunk, code)
  }

  /// Whether there is something other than a folder at `path`.
  public static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
  }

  /// Creates the folder at `path` and those above it; existing content stays.
  public static func makeFolder(_ path: String) throws(FileError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/" + part
      if mkdir(made, 0o777) == 0 || errno == EEXIST { continue }
      let code = errno
      // A folder above that exists but is not ours answers EACCES or EROFS; only the last one
      // counts.
      var status = stat()
      if stat(made, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
      throw FileError(.makeFolder, path: path, code: code)
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw FileError(.makeFolder, path: path, code: ENOTDIR)
    }
  }
}

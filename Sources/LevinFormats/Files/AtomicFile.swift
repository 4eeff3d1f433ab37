#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Writes files that are either complete or absent.
public enum AtomicFile {
  /// Writes `bytes` to a temporary file beside `path`, syncs it, renames it into place and syncs
  /// the folder.
  ///
  /// If this throws (disk full, no permission), whatever was at `path` before is still there, and
  /// the temporary file is gone.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let done: Void? = try bytes.withContiguousStorageIfAvailable {
      bytes -> Result<Void, FileError> in
      Result { () throws(FileError) in try write(UnsafeRawBufferPointer(bytes), to: path) }
    }?.get()
    if done == nil { try write(Array(bytes), to: path) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(FileError) {
    let folder = folder(of: path)
    var template = Array((path + ".XXXXXX").utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw .current(.write, path) }
    do throws(FileError) {
      try writeAll(bytes, to: file, path: path)
      // mkstemp makes files that only the owner reads; people share checkpoints.
      let mask = umask(0)
      umask(mask)
      guard fchmod(file, 0o666 & ~mask) == 0, fsync(file) == 0 else {
        throw .current(.write, path)
      }
    } catch {
      close(file)
      unlink(template)
      throw error
    }
    guard close(file) == 0, rename(template, path) == 0 else {
      let error = FileError.current(.write, path)
      unlink(template)
      throw error
    }
    // The rename itself is on the disk only when the folder is. Some file systems cannot sync a
    // folder; the file is whole either way.
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  private static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to file: Int32, path: String
  ) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      guard let start = chunk.baseAddress else { return }
      #if canImport(Darwin)
        let count = Darwin.write(file, start, chunk.count)
      #elseif canImport(Musl)
        let count = Musl.write(file, start, chunk.count)
      #else
        let count = Glibc.write(file, start, chunk.count)
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        throw .current(.write, path)
      }
      rest = rest.dropFirst(count)
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

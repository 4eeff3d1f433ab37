internal import LevinLibC

/// Whole files as bytes.
public enum FileBytes {
  /// The bytes of the file at `path`; throws if there are more than `limit`.
  public static func read(_ path: String, limit: Int = 1 << 40) throws(FileError) -> [UInt8] {
    let file = try OpenFile(path, for: .reading)
    let status = try file.status()
    guard status.kind != .folder else { throw FileError(.read, path: path, code: EISDIR) }
    guard status.length <= limit else { throw FileError(.read, path: path, code: EFBIG) }
    // A regular file reports its size; a pipe reports 0 and is read to its end.
    var bytes: [UInt8] = []
    var capacity = max(status.length, 0) + 1
    while true {
      let start = bytes.count
      let chunk = try chunk(of: capacity - start, from: file).get()
      if start == 0 { bytes = chunk } else { bytes += chunk }
      guard bytes.count <= limit else { throw FileError(.read, path: path, code: EFBIG) }
      if bytes.count < capacity { return bytes }
      capacity *= 2
    }
  }

  /// Reads up to `count` bytes; fewer only at the end of the file.
  private static func chunk(of count: Int, from file: OpenFile) -> Result<[UInt8], FileError> {
    var failure: FileError?
    let chunk = [UInt8](largeCapacity: count) { buffer, filled in
      do throws(FileError) {
        while filled < count {
          let rest = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
          let got = try file.read(into: rest)
          if got == 0 { return }
          filled += got
        }
      } catch {
        failure = error
      }
    }
    return failure.map { .failure($0) } ?? .success(chunk)
  }

  /// Whether something other than a folder exists at `path`.
  public static func isFile(_ path: String) -> Bool {
    (try? FileStatus(path)).map { $0.kind != .folder } ?? false
  }

  /// Creates the folder at `path` and its parents; existing content stays.
  public static func makeFolder(_ path: String) throws(FileError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/" + part
      do throws(FileError) {
        try FileSystem.makeNewFolder(made)
      } catch {
        // An existing parent that is not ours gives EACCES or EROFS; only the last folder counts.
        if error.alreadyExists || FileSystem.isFolder(made) { continue }
        throw FileError(.makeFolder, path: path, code: error.code)
      }
    }
    guard FileSystem.isFolder(path) else {
      throw FileError(.makeFolder, path: path, code: ENOTDIR)
    }
  }
}

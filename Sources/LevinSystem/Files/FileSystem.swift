internal import LevinLibC

/// Questions about paths, and changes of what they lead to.
package enum FileSystem {
  /// Whether there is a folder at `path`.
  package static func isFolder(_ path: String) -> Bool {
    (try? FileStatus(path))?.kind == .folder
  }

  /// Whether there is anything at `path`, a broken link apart.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The names in a folder that are UTF-8, sorted by their bytes; empty where it cannot be read.
  package static func names(in folder: String) -> [String] {
    (try? FolderListing(folder))?.names ?? []
  }

  /// The path without symbolic links; nil where there is nothing.
  package static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The path of what is called `name` in `folder`.
  package static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder in which a file is that is written to `path`.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Creates a folder that must not exist yet.
  package static func makeNewFolder(_ path: String) throws(FileError) {
    guard mkdir(path, 0o777) == 0 else { throw .current(.makeFolder, path) }
  }

  /// Gives a file another path; whatever was there is gone.
  package static func rename(_ path: String, to other: String) throws(FileError) {
    guard LevinLibC.rename(path, other) == 0 else { throw .current(.write, other) }
  }

  /// Puts the names in a folder on the disk, which a rename alone does not; some file systems cannot.
  package static func synchronizeNames(in folder: String) {
    try? OpenFile(folder, for: .folder).synchronize()
  }

  /// Removes a file, if there is one.
  package static func removeFile(_ path: String) { unlink(path) }

  /// Removes a folder with nothing in it; whether that was done.
  @discardableResult
  package static func removeEmptyFolder(_ path: String) -> Bool { rmdir(path) == 0 }

  /// Removes a folder with the files in it, as far as that can be done.
  package static func removeFolder(_ path: String) {
    for name in names(in: path) { unlink(joined(path, name)) }
    rmdir(path)
  }

  /// Throws where this process has no permission to list a folder, or to see whether there is one.
  package static func checkListable(_ folder: String) throws(FileError) {
    guard access(folder, R_OK | X_OK) == 0 || errno != EACCES else { throw .current(.read, folder) }
  }

  /// Throws where this process could not make files in the folder `path`, of which the last parts may be missing
  /// yet.
  package static func checkWritable(
    _ path: String, for operation: FileError.Operation
  ) throws(FileError) {
    var existing = path
    while true {
      if isFolder(existing) {
        guard access(existing, W_OK | X_OK) == 0 else { throw .current(operation, path) }
        return
      }
      if exists(existing) { throw FileError(operation, path: path, code: ENOTDIR) }
      guard errno == ENOENT else { throw .current(operation, path) }
      guard let slash = existing.lastIndex(of: "/"), slash != existing.startIndex else {
        existing = existing.hasPrefix("/") ? "/" : "."
        continue
      }
      existing = String(existing[..<slash])
    }
  }
}

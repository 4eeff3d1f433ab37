internal import LevinLibC

/// Operations on paths.
package enum FileSystem {
  /// Whether there is a folder at `path`.
  package static func isFolder(_ path: String) -> Bool {
    (try? FileStatus(path))?.kind == .folder
  }

  /// Whether anything exists at `path`; a broken link does not count.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The UTF-8 names in a folder, sorted by their bytes; empty if it cannot be read.
  package static func names(in folder: String) -> [String] {
    (try? FolderListing(folder))?.names ?? []
  }

  /// The path without symbolic links; nil if nothing exists there.
  package static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The path of `name` in `folder`.
  package static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The path with a leading `~` replaced by the user's home folder.
  package static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = CurrentProcess.environment("HOME") else {
      return path
    }
    return home + path.dropFirst()
  }

  /// The folder of the file at `path`.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Creates a folder; throws if it exists.
  package static func makeNewFolder(_ path: String) throws(FileError) {
    guard mkdir(path, 0o777) == 0 else { throw .current(.makeFolder, path) }
  }

  /// Renames a file; a file that exists at `other` is replaced.
  package static func rename(_ path: String, to other: String) throws(FileError) {
    guard LevinLibC.rename(path, other) == 0 else { throw .current(.write, other) }
  }

  /// Makes `path` a symbolic link to `target`, in place of what is there.
  package static func link(_ path: String, to target: String) throws(FileError) {
    let temporary = "\(path).\(CurrentProcess.id).link"
    removeFile(temporary)
    guard symlink(target, temporary) == 0 else { throw .current(.write, path) }
    do {
      try rename(temporary, to: path)
    } catch {
      removeFile(temporary)
      throw error
    }
  }

  /// Syncs the names in a folder to the disk, which a rename alone does not; some file systems cannot.
  package static func synchronizeNames(in folder: String) {
    try? OpenFile(folder, for: .folder).synchronize()
  }

  /// Removes a file, if there is one.
  package static func removeFile(_ path: String) { unlink(path) }

  /// Removes an empty folder; returns whether it did.
  @discardableResult
  package static func removeEmptyFolder(_ path: String) -> Bool { rmdir(path) == 0 }

  /// Removes a folder and the files in it, as far as possible.
  package static func removeFolder(_ path: String) {
    for name in names(in: path) { unlink(joined(path, name)) }
    rmdir(path)
  }

  /// Throws if this process has no permission to list a folder, or to see whether it exists.
  package static func checkListable(_ folder: String) throws(FileError) {
    guard access(folder, R_OK | X_OK) == 0 || errno != EACCES else { throw .current(.read, folder) }
  }

  /// Throws if this process could not create files in the folder `path`, whose last components may not exist yet.
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

internal import LevinLibC

/// The content of a folder, without `.` and `..`; names are sorted by their bytes.
package struct FolderListing {
  /// All names that are UTF-8.
  package private(set) var names: [String] = []
  /// Those of ``names`` that are folders, or links to folders.
  package private(set) var folders: [String] = []
  /// Entries that no `String` path can reach because their names are not UTF-8; the names are repaired.
  package private(set) var unreachable: [(name: String, isFolder: Bool)] = []
  /// Equal for all paths to this folder.
  package let identity: FileStatus.Identity

  /// Lists the folder at `path`.
  package init(_ path: String) throws(FileError) {
    guard let folder = opendir(path) else { throw .current(.list, path) }
    defer { closedir(folder) }
    identity = try FileStatus(dirfd(folder), path: path).identity
    while let entry = readdir(folder) {
      withUnsafePointer(to: &entry.pointee.d_name) { field in
        let length = MemoryLayout.size(ofValue: field.pointee)
        field.withMemoryRebound(to: CChar.self, capacity: length) { name in
          add(name, isFolder: Self.isFolder(entry, name, in: dirfd(folder)))
        }
      }
    }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    folders.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private mutating func add(_ bytes: UnsafePointer<CChar>, isFolder: Bool) {
    guard let name = String(validatingCString: bytes) else {
      return unreachable.append((String(cString: bytes), isFolder))
    }
    guard name != ".", name != ".." else { return }
    names.append(name)
    if isFolder { folders.append(name) }
  }

  private static func isFolder(
    _ entry: UnsafeMutablePointer<dirent>, _ name: UnsafePointer<CChar>, in folder: CInt
  ) -> Bool {
    switch Int(entry.pointee.d_type) {
    case Int(DT_DIR): return true
    case Int(DT_LNK), Int(DT_UNKNOWN):
      var status = stat()
      return fstatat(folder, name, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFDIR
    default: return false
    }
  }
}

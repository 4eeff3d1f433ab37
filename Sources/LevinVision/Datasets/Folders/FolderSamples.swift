internal import LevinSystem

/// The files of a folder with one folder for each class, in torchvision's order.
struct FolderSamples: Sendable {
  /// The names of the folders, sorted by their bytes; a class's number is its place.
  private(set) var classes: [String] = []
  /// The files of class 0, then those of class 1, and so on.
  private(set) var paths: [String] = []
  private(set) var labels: [Int] = []

  /// - Parameters:
  ///   - extensions: The endings of the files to take, in lower case, with their dots.
  ///   - allowsEmpty: Whether a class may have no files.
  init(root: String, extensions: [String], allowsEmpty: Bool) throws {
    let root = FileSystem.expandingHome(root)
    classes = try FolderListing(root).folders
    guard !classes.isEmpty else { throw ImageFolderError(root: root, problem: .noClasses) }
    var empty: [String] = []
    for (label, name) in classes.enumerated() {
      let count = paths.count
      try add(FileSystem.joined(root, name), label, extensions)
      if paths.count == count { empty.append(name) }
    }
    guard allowsEmpty || empty.isEmpty else {
      throw ImageFolderError(
        root: root, problem: .emptyClasses(empty, extensions: extensions))
    }
  }

  private mutating func add(_ folder: String, _ label: Int, _ extensions: [String]) throws {
    var contents: [(folder: String, files: [String])] = []
    var seen: Set<FileStatus.Identity> = []
    var rest = [folder]
    while let next = rest.popLast() {
      let listing = try FolderListing(next)
      // A link may lead back to a folder above it.
      guard seen.insert(listing.identity).inserted else { continue }
      let folders = Set(listing.folders)
      contents.append(
        (
          next,
          listing.names.filter { name in
            !folders.contains(name) && extensions.contains { Self.ends(name, with: $0) }
          }
        ))
      rest += listing.folders.map { FileSystem.joined(next, $0) }
    }
    contents.sort { $0.folder.utf8.lexicographicallyPrecedes($1.folder.utf8) }
    for (folder, files) in contents {
      for file in files {
        paths.append(FileSystem.joined(folder, file))
        labels.append(label)
      }
    }
  }

  /// Whether a name ends so, in upper or lower case.
  private static func ends(_ name: String, with ending: String) -> Bool {
    name.utf8.count >= ending.utf8.count
      && zip(name.utf8.suffix(ending.utf8.count), ending.utf8).allSatisfy { found, expected in
        (found >= 0x41 && found <= 0x5a ? found + 0x20 : found) == expected
      }
  }
}

/// A folder that is not one of classes.
public struct ImageFolderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of problem.
  public enum Problem: Hashable, Sendable {
    /// There is no folder in the folder.
    case noClasses
    /// Some classes have no file with one of the extensions.
    case emptyClasses([String], extensions: [String])
  }
  /// The folder.
  public let root: String
  /// What is wrong.
  public let problem: Problem

  /// What is wrong, where, and what to do.
  public var description: String {
    switch problem {
    case .noClasses:
      "\(root): found no folders; expected one for each class, with the files of the class in it."
    case .emptyClasses(let classes, let extensions):
      "\(root): found no valid file for the classes \(classes.joined(separator: ", ")). "
        + "Supported extensions are: \(extensions.joined(separator: ", ")). "
        + "allowsEmpty: true accepts classes without files."
    }
  }
}

import Foundation

/// An entry of PyTorch's suite: a name, which may have variants.
struct Entry: Hashable {
  let name: String
  let variant: String
  /// The part of the scope that the name belongs to; empty if it is out of scope.
  let scope: String

  var fullName: String { variant.isEmpty ? name : "\(name).\(variant)" }
}

/// All entries of PyTorch's suite in its order, as listed in `entries.txt` beside the case files.
struct Catalogue {
  let entries: [Entry]

  init(folder: String) throws {
    let text = try String(contentsOfFile: folder + "/entries.txt", encoding: .utf8)
    entries = text.split(separator: "\n").map { line in
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Entry(
        name: parts[0], variant: parts.count > 1 ? parts[1] : "",
        scope: parts.count > 2 ? parts[2] : "")
    }
  }

  func entry(_ fullName: String) throws -> Entry {
    guard let entry = entries.first(where: { $0.fullName == fullName }) else {
      throw CaseError("\(fullName) is no entry of entries.txt")
    }
    return entry
  }
}

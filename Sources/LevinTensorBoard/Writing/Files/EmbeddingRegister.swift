internal import LevinSystem

/// The embeddings of a run, as listed in `projector_config.pbtxt` in its folder.
///
/// All writers of the folder share this list, including those of other processes and of earlier stages of the run.
enum EmbeddingRegister {
  struct Entry {
    var name: String
    var tensorPath: String
    var metadataPath: String?
    var spritePath: String?
    var spriteSize = (width: 0, height: 0)
  }

  /// Adds an embedding to a folder's list, replacing one of the same name.
  static func add(_ entry: Entry, in directory: String) throws(FileError) {
    let lock = FolderLock(in: directory)
    defer { lock.release() }
    let path = directory + "/projector_config.pbtxt"
    var list = ""
    if FileBytes.isFile(path) {
      list = text(String(decoding: try FileBytes.read(path), as: UTF8.self), without: entry.name)
    }
    try AtomicFile.write(Array((list + text(entry)).utf8), to: path)
  }

  private static let (begin, end) = ("embeddings {", "}")

  /// The list without the embedding called `name`.
  private static func text(_ list: String, without name: String) -> String {
    var kept: [Substring] = []
    var block: [Substring] = []
    for line in list.split(separator: "\n") {
      if line == begin || !block.isEmpty { block.append(line) } else { kept.append(line) }
      if line == end {
        if !block.contains(Substring(nameLine(name))) { kept += block }
        block = []
      }
    }
    return (kept + block).map { $0 + "\n" }.joined()
  }

  private static func nameLine(_ name: String) -> String { "  tensor_name: \"\(quoted(name))\"" }

  private static func text(_ entry: Entry) -> String {
    var lines = [begin, nameLine(entry.name), "  tensor_path: \"\(quoted(entry.tensorPath))\""]
    if let path = entry.metadataPath { lines.append("  metadata_path: \"\(quoted(path))\"") }
    if let path = entry.spritePath {
      lines += [
        "  sprite {", "    image_path: \"\(quoted(path))\"",
        "    single_image_dim: \(entry.spriteSize.width)",
        "    single_image_dim: \(entry.spriteSize.height)", "  }",
      ]
    }
    return (lines + [end]).map { $0 + "\n" }.joined()
  }

  /// A string as written between the quotes of protobuf's text format.
  private static func quoted(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\", "\"": "\\\(scalar)"
      case _ where scalar.value < 32:
        "\\0\(scalar.value / 8)\(scalar.value % 8)"
      default: "\(scalar)"
      }
    }.joined()
  }

  /// A tag encoded as the name of a single folder.
  static func encoded(_ tag: String) -> String {
    let name = tag.unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case "/": "%2f"
      case "\\": "%5c"
      case "\0": "%00"
      default: "\(scalar)"
      }
    }.joined()
    // These would be other folders.
    return name == "." || name == ".." ? name.replacing(".", with: "%2e") : name
  }
}

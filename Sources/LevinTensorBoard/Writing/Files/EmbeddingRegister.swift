import Synchronization

/// The embeddings of a run, as `projector_config.pbtxt` lists them.
final class EmbeddingRegister: Sendable {
  struct Entry: Sendable {
    var name: String
    var tensorPath: String
    var metadataPath: String?
    var spritePath: String?
    var spriteSize = (width: 0, height: 0)
  }
  private let entries = Mutex<[Entry]>([])

  /// Adds an embedding, in the place of one of the same name, and gives the file's text.
  func add(_ entry: Entry) -> String {
    entries.withLock { entries in
      entries.removeAll { $0.name == entry.name }
      entries.append(entry)
      return entries.map(Self.text).joined()
    }
  }

  private static func text(_ entry: Entry) -> String {
    var lines = [
      "embeddings {", "  tensor_name: \"\(quoted(entry.name))\"",
      "  tensor_path: \"\(quoted(entry.tensorPath))\"",
    ]
    if let path = entry.metadataPath { lines.append("  metadata_path: \"\(quoted(path))\"") }
    if let path = entry.spritePath {
      lines += [
        "  sprite {", "    image_path: \"\(quoted(path))\"",
        "    single_image_dim: \(entry.spriteSize.width)",
        "    single_image_dim: \(entry.spriteSize.height)", "  }",
      ]
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  /// A tag as one folder's name.
  static func encoded(_ tag: String) -> String {
    tag.replacing("%", with: "%25").replacing("/", with: "%2f").replacing("\\", with: "%5c")
  }
}

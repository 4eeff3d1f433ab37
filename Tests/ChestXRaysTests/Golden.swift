import Foundation

/// What other software says about the miniature, made by scripts/golden/make_chest_xrays.py.
enum Golden {
  static func load<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Golden/chest-xrays/\(name).json"))
    return try JSONDecoder().decode(type, from: data)
  }
}

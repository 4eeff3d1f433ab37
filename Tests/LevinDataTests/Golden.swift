import Foundation

/// Numbers computed by PyTorch and committed, made by scripts/golden/make_data.py.
enum Golden {
  static func load<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appendingPathComponent("Golden/data/\(name)"))
    return try JSONDecoder().decode(type, from: data)
  }
}

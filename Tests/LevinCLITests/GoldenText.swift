import Foundation
import Testing

enum GoldenText {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden")

  /// Compares a text with `Tests/Golden/NAME.txt`; LEVIN_UPDATE_GOLDEN=1 rewrites the file.
  static func expect(_ text: String, _ name: String) throws {
    let path = folder.appending(path: name + ".txt")
    if ProcessInfo.processInfo.environment["LEVIN_UPDATE_GOLDEN"] == "1" {
      try Data((text + "\n").utf8).write(to: path)
    }
    let expected = String(decoding: try Data(contentsOf: path), as: UTF8.self)
    #expect(text + "\n" == expected, "\(name)")
  }
}

/// Runs `body` with the path of a new folder, with a slash, which is removed in the end.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "levin-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder + "/")
}

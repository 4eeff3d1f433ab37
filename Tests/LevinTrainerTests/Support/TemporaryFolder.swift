import Foundation

/// Calls `body` with the path of a new folder, which is removed after.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "levin-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

/// The names in a folder, sorted; empty where there is none.
func names(in folder: String) -> [String] {
  ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
}

/// A committed file that another program made, under Tests/Golden.
func goldenText(_ name: String) throws -> String {
  try String(contentsOfFile: goldenPath(name), encoding: .utf8)
}

/// The path of a file of `Tests/Golden`.
func goldenPath(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden").appending(path: name).path
}

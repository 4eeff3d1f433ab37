import LevinFormats
import LevinSystem

/// Committed files made by other programs, with the script scripts/golden/make_data.py.
enum GoldenFile {
  static func path(_ name: String) -> String {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    parts += ["Golden", "data", Substring(name)]
    return parts.joined(separator: "/")
  }

  static func bytes(_ name: String) throws -> [UInt8] { try FileBytes.read(path(name)) }
}

import Foundation
import LevinFormats
import LevinSystem

/// The lines of a case file.
struct CaseFile {
  let path: String
  private let lines: [Substring]

  init(_ path: String) throws {
    self.path = path
    let bytes = try Gzip.inflate(FileBytes.read(path), path: path, limit: 1 << 30)
    lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// `ENTRY` of `FOLDER/ENTRY.jsonl.gz`.
  var name: String {
    URL(fileURLWithPath: path).lastPathComponent.replacingOccurrences(of: ".jsonl.gz", with: "")
  }

  var count: Int { lines.count }

  func json(_ index: Int) throws -> [String: Any] {
    guard
      let json = try JSONSerialization.jsonObject(with: Data(lines[index].utf8)) as? [String: Any]
    else { throw CaseError("line \(index + 1) is no object") }
    return json
  }
}

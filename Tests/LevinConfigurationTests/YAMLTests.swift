import Foundation
import Testing

@testable import LevinConfiguration

@Suite struct YAMLTests {
  static let golden = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden/cli")

  /// Merge keys, aliases and words have the same meaning as in PyYAML.
  @Test func asPyYAML() throws {
    let data = try Data(contentsOf: Self.golden.appending(path: "yaml.json"))
    let cases = try #require(try JSONSerialization.jsonObject(with: data) as? [[Any]])
    #expect(cases.count > 15)
    for item in cases {
      let text = try #require(item[0] as? String)
      let expected = item[1] is NSNull ? [String: Any]() : item[1]
      let found = try JSONSerialization.jsonObject(
        with: Data(try ConfigValue(yaml: text, file: "a.yaml").json().utf8))
      #expect((found as? NSDictionary) == (expected as? NSDictionary), "\(text)")
    }
  }

  private func failure(_ text: String) -> String? {
    do {
      _ = try YAMLNode.parse(text, file: "a.yaml")
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    (
      "a: [1, 2",
      "a.yaml:2:1: not valid YAML: did not find expected ',' or ']' (while parsing a flow sequence, line 1)"
    ),
    ("a: 1\na: 2\n", "a.yaml:1:1: found 'a' more than once in one group"),
    (
      "a: 1\n---\nb: 2\n",
      "a.yaml:2:1: not valid YAML: but found another document (expected a single document in the stream, line 1)"
    ),
    ("a: *b\n", "a.yaml:1:4: not valid YAML: found *b, but no anchor of that name before it"),
    ("a: &a [*a]\n", "a.yaml:1:8: not valid YAML: found *a, but no anchor of that name before it"),
    ("a: {<<: 3}\n", "a.yaml:1:9: <<: found int 3; expected a group, or a list of groups"),
    (
      "a: 1\nb:\n  <<: [{c: 1}, 2]\n",
      "a.yaml:3:16: <<: found int 2; expected a group, or a list of groups"
    ),
    ("a: \u{1}\n", "a.yaml:1:4: not valid YAML: control characters are not allowed"),
  ])
  func mistakes(text: String, message: String) { #expect(failure(text) == message) }

  /// A file of a few hundred bytes that stands for more values than fit in any memory.
  @Test func bombs() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<60 {
      let before = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(before)]\n"
    }
    #expect(
      failure(text) == "a.yaml:6:10: aliases repeat more than 100000 values, which is the limit")
  }

  /// Keys made of keys: Yams compares all their content.
  @Test func bombsInKeys() {
    var text = "? &a0 [x, x, x, x, x, x, x, x, x]\n: 0\n"
    for level in 1..<60 {
      let before = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "? &a\(level) {? [\(before)] : 1}\n: \(level)\n"
    }
    #expect(
      failure(text)?.hasSuffix("aliases repeat more than 100000 values, which is the limit") == true
    )
  }

  @Test func nesting() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    #expect(failure(nested(99)) == nil)
    let message = "nested deeper than 100 levels, which is the limit"
    for levels in [101, 5000, 100_000] {
      #expect(failure(nested(levels))?.hasSuffix(message) == true, "\(levels)")
    }
    // An alias is as deep as what it refers to.
    #expect(failure("a: &a \(nested(60))\nb: [[*a]]\n") == nil)
    #expect(
      failure(
        "a: &a \(nested(60))\nb: &b \(nested(30).replacing("[]", with: "[*a]"))\nc: [[[[[[[[[[*b]]]]]]]]]]\n"
      )?.hasSuffix(message) == true)
  }

  /// The content of a large but valid settings file.
  @Test func manyKeys() throws {
    let text = (0..<50_000).map { "key\($0): \($0)\n" }.joined()
    let node = try #require(try YAMLNode.parse(text, file: "a.yaml"))
    #expect(node.members.count == 50_000)
    #expect(node.members.last?.value.place.line == 50_000)
  }

  @Test(arguments: [
    String.Encoding.utf8, .utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf32BigEndian,
  ])
  func encodings(encoding: String.Encoding) throws {
    for mark in ["", "\u{FEFF}"] {
      let path = FileManager.default.temporaryDirectory
        .appending(path: "levin-yaml-\(UUID().uuidString)").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      let data = try #require((mark + "größe: 日本\n").data(using: encoding))
      try data.write(to: URL(filePath: path))
      let node = try #require(try YAMLNode.read(file: path))
      #expect(ConfigValue(node) == .object([.init("größe", .string("日本"))]))
    }
  }

  @Test func filesThatAreNone() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "levin-yaml-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    func failure() -> String {
      do {
        _ = try YAMLNode.read(file: path)
        return "none"
      } catch {
        return "\(error)".replacing(path, with: "FILE")
      }
    }
    #expect(failure() == "FILE: cannot be read; expected a YAML file")
    try Data([0x61, 0x3A, 0x20, 0xFF, 0xFE]).write(to: URL(filePath: path))
    #expect(failure() == "FILE: not valid YAML: it is not UTF-8, UTF-16 or UTF-32")
    try Data(count: (4 << 20) + 1).write(to: URL(filePath: path))
    #expect(failure() == "FILE: found 4194305 bytes; expected at most 4 MiB")
  }
}

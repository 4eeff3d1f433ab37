import Foundation
import Testing

/// The code in docs/adding-an-operation.md and docs/adding-a-layer.md equals the sources.
@Suite struct DocumentationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized

  @Test(arguments: zip(["docs/adding-an-operation.md", "docs/adding-a-layer.md"], [5, 4]))
  func theWorkedExampleIsTheSource(_ name: String, _ count: Int) throws {
    let page = try String(contentsOf: Self.root.appending(path: name), encoding: .utf8)
    var files: [String] = []
    let paragraphs = page.components(separatedBy: "\n\n")
    for (name, block) in zip(paragraphs, paragraphs.dropFirst())
    where name.hasPrefix("`") && name.hasSuffix("`") && block.hasPrefix("    ") {
      let path = String(name.dropFirst().dropLast())
      files.append(path)
      let source = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
      #expect(
        Self.lines(source).contains(Self.lines(block)), "\(path) has no longer what the page shows")
    }
    #expect(files.count == count)
  }

  /// The text without indentation: a page indents by other amounts than a source.
  private static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " } }.joined(separator: "\n")
      .trimmingCharacters(in: .newlines)
  }
}

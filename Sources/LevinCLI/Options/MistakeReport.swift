internal import LevinConfiguration
internal import LevinSystem
internal import LevinTrainer

/// Mistakes in options and files as text: what, where, with the line, and what was expected.
struct MistakeReport {
  var mistakes: [ConfigError]
  /// What to do next, in a line.
  var advice: String
  /// Returns the lines of a file, to show one of them.
  var lines: (String) -> [String] = Self.linesOfFile

  /// The text, wrapped to `columns` if there is a terminal.
  func text(columns: Int?, page: Page) -> String {
    var result: [String] = []
    var files: [String: [String]] = [:]
    for mistake in mistakes {
      result += wrapped(Terminal.visible("error: \(mistake)"), columns).enumerated().map {
        index, line in
        index == 0 ? page.paint("error:", .red) + line.dropFirst(6) : line
      }
      guard let source = mistake.source else { continue }
      let lines = files[source.file] ?? lines(source.file)
      files[source.file] = lines
      result += excerpt(lines, source.place, columns, page)
    }
    return (result + wrapped(advice, columns)).joined(separator: "\n")
  }

  private func wrapped(_ text: String, _ columns: Int?) -> [String] {
    guard let columns, text.count > columns else { return [text] }
    return wrap(text, max(20, columns - 2)).enumerated().map { $0 == 0 ? $1 : "  " + $1 }
  }

  /// The line, with its number, and a mark below the column.
  private func excerpt(
    _ lines: [String], _ place: YAMLNode.Place, _ columns: Int?, _ page: Page
  ) -> [String] {
    guard lines.indices.contains(place.line - 1) else { return [] }
    let number = "\(place.line)"
    let margin = String(repeating: " ", count: number.count)
    let width = max(20, (columns ?? 100) - number.count - 5)
    var line = Array(lines[place.line - 1].map { $0 == "\t" ? " " : $0 })
    var column = min(place.column - 1, line.count)
    if line.count > width, column > width * 2 / 3 {
      let start = column - width / 2
      line = ["…"] + line[(start + 1)...]
      column -= start
    }
    if line.count > width { line = line[..<(width - 1)] + ["…"] }
    return [
      page.paint("  \(number) | ", .dim) + Terminal.visible(String(line)),
      page.paint("  \(margin) | ", .dim) + String(repeating: " ", count: column)
        + page.paint("^", .red),
    ]
  }

  private static func linesOfFile(_ path: String) -> [String] {
    guard let bytes = try? FileBytes.read(path, limit: 4 << 20) else { return [] }
    return String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasSuffix("\r") ? String($0.dropLast()) : String($0) }
  }
}

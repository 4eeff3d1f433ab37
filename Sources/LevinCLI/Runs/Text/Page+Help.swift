internal import Foundation
internal import LevinTrainer

extension Page {
  /// The page of help and configs in a terminal with colours, nil if there is none; they are wrapped elsewhere.
  static var colored: Page? {
    Terminal.hasColor ? Page(width: nil, hasColor: true, timeZone: .gmt) : nil
  }

  /// Help as the terminal shows it: with colours if it has any.
  static func help(_ text: String) -> String { colored?.help(text) ?? text }

  /// Help with its headings in bold and the names of its entries in cyan.
  func help(_ text: String) -> String {
    guard hasColor else { return text }
    var isList = false
    return mapLines(of: text) { line in
      if let colon = line.firstIndex(of: ":"), isHeading(line[..<colon]) {
        isList = line.last == ":"
        let end = line.index(after: colon)
        return paint(String(line[..<end]), .bold) + line[end...]
      }
      if line.isEmpty { isList = false }
      guard isList, line.hasPrefix("  "), let first = line.dropFirst(2).first, first != " " else {
        return String(line)
      }
      let entry = line.dropFirst(2)
      let end = (entry.firstRange(of: " <") ?? entry.firstRange(of: "  "))?.lowerBound
      let name = entry[..<(end ?? entry.endIndex)]
      return "  " + paint(String(name), .cyan) + entry[name.endIndex...]
    }
  }

  /// A config with its comments dimmed.
  func config(_ text: String) -> String {
    guard hasColor else { return text }
    return mapLines(of: text) { line in
      line.drop { $0 == " " }.first == "#" ? paint(String(line), .dim) : String(line)
    }
  }

  /// Whether a line up to its colon is a heading: capitals, perhaps followed by an option or a name in parentheses.
  private func isHeading(_ text: Substring) -> Bool {
    guard let first = text.first, first.isUppercase else { return false }
    return text.prefix { $0 != "(" && $0 != "-" }.allSatisfy { $0.isUppercase || $0 == " " }
  }

  private func mapLines(of text: String, _ transform: (Substring) -> String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(transform)
      .joined(separator: "\n")
  }
}

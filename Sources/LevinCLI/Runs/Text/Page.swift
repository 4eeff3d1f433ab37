internal import Foundation
internal import LevinTrainer

/// The properties of a command's output: width, colours, time zone.
struct Page: Sendable {
  /// Columns of the terminal; nil for a pipe or file, where lines may have any length.
  var width: Int?
  /// Rows of the terminal; nil if there is none.
  var height: Int? = nil
  var hasColor: Bool
  var timeZone: TimeZone

  /// The page of a pipe.
  static let plain = Page(width: nil, hasColor: false, timeZone: .gmt)

  /// The styles of text.
  enum Style: String {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case magenta = "35"
    case cyan = "36"
  }

  func paint(_ text: String, _ style: Style) -> String {
    guard hasColor, style != .plain, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }
}

extension Page {
  /// `text` after `indent` spaces, wrapped to the page with a hanging indent of two more spaces.
  func hangingIndent(_ text: String, indent: Int = 0) -> [String] {
    let margin = String(repeating: " ", count: indent)
    guard let width, indent + displayWidth(text) > width else { return [margin + text] }
    let lines = wrap(text, width - indent - 2).map(\.trimmingTrailingSpaces)
    return [margin + lines[0]] + lines.dropFirst().map { margin + "  " + $0 }
  }

  /// A name in bold with facts after it; no single fact is broken across lines.
  func facts(_ name: String, _ facts: [String], gap: String = "  ") -> [String] {
    let name = printable(name)
    let joined = facts.map { printable($0).replacing(" ", with: "\u{A0}") }
      .joined(separator: "\u{A0}· ")
    return hangingIndent(name + gap + joined).enumerated().map { number, line in
      let line = line.replacing("\u{A0}", with: " ")
      guard number == 0, line.hasPrefix(name) else { return line }
      return paint(name, .bold) + line.dropFirst(name.count)
    }
  }

  /// A page narrower by `columns`.
  func narrowed(by columns: Int) -> Page {
    var page = self
    page.width = width.map { max(1, $0 - columns) }
    return page
  }
}

/// `text` with everything that would control the terminal made visible: texts of event files come from anywhere.
func printable(_ text: some StringProtocol, keepsLines: Bool = false) -> String {
  Terminal.visible(text, keepsLines: keepsLines)
}

/// The columns that a text takes in a terminal.
func displayWidth(_ text: some StringProtocol) -> Int { Terminal.columns(of: String(text)) }

func displayWidth(_ scalar: Unicode.Scalar) -> Int { Terminal.columns(of: scalar) }

/// `text` cut to `width` columns, with an ellipsis if something is missing.
func shortened(_ text: String, to width: Int) -> String {
  guard displayWidth(text) > width else { return text }
  var result = ""
  var used = 0
  for character in text {
    let columns = displayWidth(String(character))
    if used + columns > width - 1 { break }
    result.append(character)
    used += columns
  }
  return result + "…"
}

/// `1 check`, `2 checks`.
func plural(_ count: Int, _ word: String, _ several: String? = nil) -> String {
  "\(count) \(count == 1 ? word : several ?? word + "s")"
}

/// `text` padded with spaces after it (or before it) to `width` columns.
func padded(_ text: String, to width: Int, isRight: Bool = false) -> String {
  let spaces = String(repeating: " ", count: max(0, width - displayWidth(text)))
  return isRight ? spaces + text : text + spaces
}

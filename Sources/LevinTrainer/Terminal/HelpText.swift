/// The layout of help: lines of a width, entries with what is said of them to the right.
package enum HelpText {
  /// The column at which the text of an entry begins.
  private static let indent = 26

  /// `name`, and `text` beside it; below it where `name` is long.
  package static func entry(_ name: String, _ text: String, columns: Int) -> String {
    let label = "  " + name
    guard label.count < indent else {
      return label + "\n" + wrapped(text, indent: indent, columns: columns)
    }
    return wrapped(text, after: label, indent: indent, columns: columns)
  }

  /// `text` behind `label` in lines of at most `columns`, all of them `indent` to the right; ends with a line end.
  package static func wrapped(
    _ text: String, after label: String = "", indent: Int = 0, columns: Int
  ) -> String {
    let margin = String(repeating: " ", count: indent)
    let words = text.split(separator: " ")
    var lines = [label + margin.dropFirst(label.count) + (words.first ?? "")]
    for (index, word) in words.enumerated().dropFirst() {
      // swift-argument-parser keeps the last column free, but at the end of a text.
      let most = index == words.count - 1 ? columns : columns - 1
      if lines[lines.count - 1].count + 1 + word.count > most {
        lines.append(margin + word)
      } else {
        lines[lines.count - 1] += " " + word
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

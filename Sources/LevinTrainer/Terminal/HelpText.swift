/// The layout of help: entries with their descriptions to the right, wrapped to a width.
package enum HelpText {
  /// The column at which the description of an entry begins.
  private static let indent = 26

  /// `name` with `text` beside it, or below it if `name` is long.
  package static func entry(_ name: String, _ text: String, columns: Int) -> String {
    let label = "  " + name
    guard label.count < indent else {
      return label + "\n" + wrapped(text, indent: indent, columns: columns)
    }
    return wrapped(text, after: label, indent: indent, columns: columns)
  }

  /// `text` after `label`, in lines of at most `columns` that are indented by `indent`; ends with a line break.
  package static func wrapped(
    _ text: String, after label: String = "", indent: Int = 0, columns: Int
  ) -> String {
    let margin = String(repeating: " ", count: indent)
    let words = text.split(separator: " ")
    var lines = [label + margin.dropFirst(label.count) + (words.first ?? "")]
    for (index, word) in words.enumerated().dropFirst() {
      // swift-argument-parser keeps the last column free, except at the end of a text.
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

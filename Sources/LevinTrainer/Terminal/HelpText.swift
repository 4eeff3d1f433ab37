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
    // Generic operations, such as joining, would look up conformances for longer than all of this takes.
    let margin = String(repeating: " ", count: indent)
    var result = label + String(repeating: " ", count: max(0, indent - label.count))
    var width = max(label.count, indent)
    let words = text.split(separator: " ")
    for (index, word) in words.enumerated() {
      // swift-argument-parser keeps the last column free, except at the end of a text.
      let most = index == words.count - 1 ? columns : columns - 1
      if index > 0, width + 1 + word.count > most {
        result += "\n" + margin
        width = indent
      } else if index > 0 {
        result += " "
        width += 1
      }
      result += String(word)
      width += word.count
    }
    return result + "\n"
  }
}

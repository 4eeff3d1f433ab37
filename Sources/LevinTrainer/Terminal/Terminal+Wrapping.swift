extension Terminal {
  /// `parts` in lines of at most `width` columns, broken between parts; lines after the first begin with `indent`
  /// spaces.
  ///
  /// A part that is longer than a line gets a line to itself.
  static func wrapped(
    _ parts: [String], separator: String, indent: Int = 0, width: Int = layoutWidth
  ) -> String {
    var lines: [String] = []
    for part in parts {
      if let line = lines.last,
        columns(of: line) + columns(of: separator) <= width - columns(of: part)
      {
        lines[lines.count - 1] += separator + part
      } else {
        lines.append((lines.isEmpty ? "" : String(repeating: " ", count: indent)) + part)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// `text` in lines of at most `width` columns, broken between words.
  static func wrapped(_ text: String, indent: Int = 0, width: Int = layoutWidth) -> String {
    wrapped(
      text.split(separator: " ").map(String.init), separator: " ", indent: indent, width: width)
  }
}

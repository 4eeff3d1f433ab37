/// Breaks a text into lines of at most `width` columns, at spaces if possible.
func wrap(_ text: String, _ width: Int) -> [String] {
  let width = max(8, width)
  return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
    var lines: [String] = []
    // Leading spaces are kept: printed tensors are indented.
    let indent = String(line.prefix { $0 == " " }.prefix(width / 2))
    var current = indent
    var isFirst = true
    for word in line.drop(while: { $0 == " " }).split(
      separator: " ", omittingEmptySubsequences: false)
    {
      var word = String(word)
      let space = isFirst ? "" : " "
      isFirst = false
      if displayWidth(current + space + word) <= width {
        current += space + word
        continue
      }
      if !current.isEmpty { lines.append(current) }
      while displayWidth(word) > width {
        let head = String(shortened(word, to: width + 1).dropLast())
        guard !head.isEmpty else { break }
        lines.append(head)
        word.removeFirst(head.count)
      }
      current = word
    }
    return lines + [current]
  }
}

extension String {
  /// The string without trailing spaces.
  var trimmingTrailingSpaces: String {
    var end = utf8.endIndex
    while end > utf8.startIndex, utf8[utf8.index(before: end)] == UInt8(ascii: " ") {
      end = utf8.index(before: end)
    }
    return String(self[..<end])
  }
}

/// Blocks of lines side by side, each `width` columns wide.
func beside(_ blocks: [[String]], width: Int, gap: Int) -> [String] {
  (0..<(blocks.map(\.count).max() ?? 0)).map { line in
    blocks.map { padded(line < $0.count ? $0[line] : "", toVisible: width) }
      .joined(separator: String(repeating: " ", count: gap)).trimmingTrailingSpaces
  }
}

/// `text` padded to `width` columns; escape sequences count as none.
private func padded(_ text: String, toVisible width: Int) -> String {
  var visible = 0
  var isEscape = false
  for scalar in text.unicodeScalars {
    if scalar == "\u{1B}" { isEscape = true }
    if !isEscape { visible += displayWidth(scalar) }
    if scalar == "m" { isEscape = false }
  }
  return text + String(repeating: " ", count: max(0, width - visible))
}

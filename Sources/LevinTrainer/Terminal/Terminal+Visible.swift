extension Terminal {
  /// `text` with all that would steer a terminal, or stand in it unseen, made visible: texts of event files, files'
  /// names and messages about them come from anywhere.
  ///
  /// Control characters become their pictures (`␛`), a tab or a line's end a space; marks that take no room, such as U+200B, and those
  /// that turn the direction of writing become `�`. Joiners stay within emoji and scripts that need them.
  ///
  /// - Parameters:
  ///   - keepsLines: line ends stay.
  ///   - keepsInk: escape sequences that only colour (SGR) stay.
  package static func visible(
    _ text: some StringProtocol, keepsLines: Bool = false, keepsInk: Bool = false
  ) -> String {
    let text = String(text)
    let isPlain = text.utf8.allSatisfy { 0x20..<0x7F ~= $0 || keepsLines && $0 == 0x0A }
    return isPlain ? text : visible(scalarsOf: text, keepsLines: keepsLines, keepsInk: keepsInk)
  }

  private static func visible(scalarsOf text: String, keepsLines: Bool, keepsInk: Bool) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    func append(_ scalar: Unicode.Scalar) {
      if scalar.isASCII {
        result.append(UInt8(scalar.value))
      } else {
        result.append(contentsOf: scalar.utf8)
      }
    }
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar.value {
      case 0x20..<0x7F: append(scalar)
      case 0x0A where keepsLines: append(scalar)
      case 0x0D where keepsLines && rest.first == "\n": break
      case 0x09, 0x0A: append(" ")
      case 0x1B where keepsInk:
        guard let end = endOfInk(rest) else {
          append("␛")
          break
        }
        append(scalar)
        rest[..<end].forEach(append)
        rest = rest[end...]
      case 0..<0x20: append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F: append("␡")
      case 0x200C, 0x200D: append(result.last.map { $0 < 0x80 } ?? true ? "\u{FFFD}" : scalar)
      default: append(isHidden(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a scalar beyond ASCII takes no room, steers, or turns the direction of writing.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Letters of Latin, dashes and dots, and the symbols from arrows to braille: none of them.
    case ..<0x80, 0xC0..<0x300, 0x2010..<0x2028, 0x2100..<0x2C00: return false
    case 0x80..<0xA0, 0x2028, 0x2029: return true
    default:
      let properties = scalar.properties
      // Variation selectors choose the form of the character before them.
      return properties.isDefaultIgnorableCodePoint
        && properties.generalCategory != .nonspacingMark
    }
  }

  /// Where an escape sequence that colours ends, whose ESC is gone already; nil for another one.
  private static func endOfInk(
    _ rest: Substring.UnicodeScalarView
  ) -> Substring.UnicodeScalarView.Index? {
    guard rest.first == "[" else { return nil }
    let end = rest.dropFirst().firstIndex { !("0"..."9").contains($0) && $0 != ";" }
    return end.flatMap { rest[$0] == "m" ? rest.index(after: $0) : nil }
  }
}

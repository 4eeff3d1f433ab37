extension Terminal {
  /// `text` with everything that would control a terminal, or be invisible in it, made visible.
  ///
  /// Texts of event files, file names and messages about them come from anywhere. Control characters become their
  /// pictures (`␛`), a tab or a line break a space; marks without width, such as U+200B, and those that change the
  /// direction of writing become `�`. Joiners stay within emoji and scripts that need them.
  ///
  /// - Parameters:
  ///   - keepsLines: Whether line breaks stay.
  ///   - keepsColors: Whether escape sequences that only set colours (SGR) stay.
  package static func visible(
    _ text: some StringProtocol, keepsLines: Bool = false, keepsColors: Bool = false
  ) -> String {
    let text = String(text)
    let isPlain = text.utf8.allSatisfy { 0x20..<0x7F ~= $0 || keepsLines && $0 == 0x0A }
    return isPlain
      ? text : visible(scalarsOf: text, keepsLines: keepsLines, keepsColors: keepsColors)
  }

  private static func visible(scalarsOf text: String, keepsLines: Bool, keepsColors: Bool) -> String
  {
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
      case 0x1B where keepsColors:
        guard let end = endOfColorSequence(rest) else {
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

  /// Whether a non-ASCII scalar has no width, controls the terminal, or changes the direction of writing.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Latin letters, dashes and dots, and the symbols from arrows to braille are all visible.
    case ..<0x80, 0xC0..<0x300, 0x2010..<0x2028, 0x2100..<0x2C00: return false
    case 0x80..<0xA0, 0x2028, 0x2029: return true
    default:
      let properties = scalar.properties
      // Variation selectors choose the form of the character before them.
      return properties.isDefaultIgnorableCodePoint
        && properties.generalCategory != .nonspacingMark
    }
  }

  /// The end of an escape sequence that sets a colour, after its ESC; nil for any other sequence.
  private static func endOfColorSequence(
    _ rest: Substring.UnicodeScalarView
  ) -> Substring.UnicodeScalarView.Index? {
    guard rest.first == "[" else { return nil }
    let end = rest.dropFirst().firstIndex { !("0"..."9").contains($0) && $0 != ";" }
    return end.flatMap { rest[$0] == "m" ? rest.index(after: $0) : nil }
  }
}

extension Terminal {
  /// The number of columns that a text takes: two for East Asian wide characters and emoji, none for combining marks.
  package static func columns(of text: String) -> Int {
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    return isASCII ? text.utf8.count : text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
  }

  package static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    // Dashes, dots, and symbols from arrows to braille are frequent and take one column.
    case ..<0x300, 0x2010..<0x2028, 0x2190..<0x2C00: return 1
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

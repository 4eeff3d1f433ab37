/// Addresses of files on this machine.
enum FileAddress {
  /// The path in a `file://` address; nil for every other address.
  static func path(_ address: String) -> String? {
    guard address.lowercased().hasPrefix("file://") else { return nil }
    // The host between the slashes is empty or this machine.
    let rest = address.dropFirst("file://".count)
    guard let slash = rest.firstIndex(of: "/"), ["", "localhost"].contains(rest[..<slash]) else {
      return nil
    }
    return decoded(rest[slash...])
  }

  /// Decodes `%20` and other percent escapes.
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let code = UInt8(digits, radix: 16) {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

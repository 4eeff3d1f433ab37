/// Reads the JSON header of a safetensors file, and refuses everything that such a header must not contain.
///
/// It never recurses, so deep nesting cannot exhaust the stack.
struct HeaderScanner {
  struct Header {
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
  }
  struct Entry {
    var name: String
    /// Where the entry's description starts in the file.
    var offset: Int
    var dtype = ""
    var shape: [Int] = []
    var start = 0
    var end = 0
  }

  private let bytes: ArraySlice<UInt8>
  private let path: String
  private let isIndex: Bool
  private var position: Int

  /// A scanner of `bytes`, whose indices are positions in the file: a header, or the index of several files.
  init(bytes: ArraySlice<UInt8>, path: String, isIndex: Bool = false) {
    self.bytes = bytes
    self.path = path
    self.isIndex = isIndex
    position = bytes.startIndex
  }

  /// The whole header: `{"name": entry, …, "__metadata__": {"key": "value", …}}`.
  mutating func header() throws(SafetensorsError) -> Header {
    var header = Header()
    var seen: Set<String> = []
    guard bytes.first == UInt8(ascii: "{") else { throw expected("'{'") }
    try members { (scanner, name, offset) throws(SafetensorsError) in
      guard seen.insert(name).inserted else { throw scanner.duplicate(name, at: offset) }
      if name == "__metadata__" {
        // The reference reader takes null for no metadata.
        if scanner.takeNull() { return }
        var texts: [String: String] = [:]
        try scanner.members { (scanner, key, offset) throws(SafetensorsError) in
          guard texts[key] == nil else { throw scanner.duplicate(key, at: offset) }
          texts[key] = try scanner.string()
        }
        header.metadata = texts
      } else {
        header.entries.append(try scanner.entry(name: name, offset: offset))
      }
    }
    skipSpace()
    guard position == bytes.endIndex else { throw expected("the end of the header") }
    return header
  }

  /// An index: `{"weight_map": {"name": "file", …}, …}`; everything else in it is ignored.
  mutating func weightMap() throws(SafetensorsError) -> [(name: String, file: String)] {
    var map: [(name: String, file: String)]?
    try members { (scanner, key, offset) throws(SafetensorsError) in
      guard key == "weight_map" else { return try scanner.skipValue() }
      guard map == nil else { throw scanner.duplicate(key, at: offset) }
      var files: [(name: String, file: String)] = []
      var seen: Set<String> = []
      try scanner.members { (scanner, name, offset) throws(SafetensorsError) in
        guard seen.insert(name).inserted else { throw scanner.duplicate(name, at: offset) }
        files.append((name, try scanner.string()))
      }
      map = files
    }
    skipSpace()
    guard position == bytes.endIndex else { throw expected("the end of the index") }
    guard let map else { throw expected("a weight_map") }
    return map
  }

  /// Skips a value of any kind, without checking more than its brackets.
  private mutating func skipValue() throws(SafetensorsError) {
    var depth = 0
    repeat {
      skipSpace()
      guard position < bytes.endIndex else { throw expected("the end of a value") }
      switch bytes[position] {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { throw expected("a value") }
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard depth > 0 else { throw expected("a value") }
        position += 1
      default:
        let rest = bytes[position...].prefix { !#",]}: "#.utf8.contains($0) && $0 > 0x20 }
        position += max(rest.count, 1)
      }
    } while depth > 0
  }

  /// One entry: `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`.
  private mutating func entry(
    name: String, offset: Int
  ) throws(SafetensorsError) -> Entry {
    var entry = Entry(name: name, offset: offset)
    var seen: Set<String> = []
    try members { (scanner, key, offset) throws(SafetensorsError) in
      guard seen.insert(key).inserted else { throw scanner.duplicate(key, at: offset) }
      switch key {
      case "dtype": entry.dtype = try scanner.string()
      case "shape": entry.shape = try scanner.numbers()
      case "data_offsets":
        let offsets = try scanner.numbers()
        guard offsets.count == 2 else { throw scanner.expected("two data_offsets") }
        (entry.start, entry.end) = (offsets[0], offsets[1])
      default: throw scanner.expected("dtype, shape or data_offsets", at: offset)
      }
    }
    guard seen.count == 3 else { throw expected("dtype, shape and data_offsets", at: offset) }
    return entry
  }

  /// Calls `member` at the value of each member of an object, with the key and its position.
  private mutating func members(
    _ member: (inout HeaderScanner, String, Int) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try take("{")
    if takeIfThere("}") { return }
    repeat {
      skipSpace()
      let offset = position
      let key = try string()
      try take(":")
      try member(&self, key, offset)
    } while takeIfThere(",")
    try take("}")
  }

  private mutating func numbers() throws(SafetensorsError) -> [Int] {
    var numbers: [Int] = []
    try take("[")
    if takeIfThere("]") { return numbers }
    repeat { numbers.append(try number()) } while takeIfThere(",")
    try take("]")
    return numbers
  }

  private mutating func number() throws(SafetensorsError) -> Int {
    skipSpace()
    let digits = bytes[position...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    // JSON has no leading zeros, and Int refuses what overflows.
    guard !digits.isEmpty, digits.count == 1 || digits.first != UInt8(ascii: "0"),
      let number = Int(String(decoding: digits, as: UTF8.self))
    else { throw expected("a whole number from 0 to 2^63 - 1") }
    position += digits.count
    return number
  }

  private mutating func string() throws(SafetensorsError) -> String {
    try take("\"")
    let start = position
    var text: [UInt8] = []
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw expected("a string in UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"): text += try escape().utf8
      case 0..<0x20: throw expected("no control character in a string", at: position - 1)
      default: text.append(byte)
      }
    }
    throw expected("the end of the string", at: start - 1)
  }

  private mutating func escape() throws(SafetensorsError) -> String {
    guard position < bytes.endIndex else { throw expected("an escape sequence") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return String(UnicodeScalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        units.append(try codeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw expected("a whole surrogate pair")
      }
      return text
    default: throw expected("an escape sequence", at: position - 2)
    }
  }

  private mutating func codeUnit() throws(SafetensorsError) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw expected("four hexadecimal digits") }
    position += 4
    return unit
  }

  private mutating func take(_ character: UnicodeScalar) throws(SafetensorsError) {
    guard takeIfThere(character) else { throw expected("'\(character)'") }
  }

  private mutating func takeIfThere(_ character: UnicodeScalar) -> Bool {
    skipSpace()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else {
      return false
    }
    position += 1
    return true
  }

  private mutating func takeNull() -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: "null".utf8) else { return false }
    position += 4
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) {
      position += 1
    }
  }

  private func expected(_ what: String, at offset: Int? = nil) -> SafetensorsError {
    SafetensorsError(
      path: path, offset: offset ?? position,
      problem: isIndex ? .invalidIndex(expected: what) : .invalidHeader(expected: what))
  }

  private func duplicate(_ key: String, at offset: Int) -> SafetensorsError {
    SafetensorsError(path: path, offset: offset, problem: .duplicateKey(key))
  }
}

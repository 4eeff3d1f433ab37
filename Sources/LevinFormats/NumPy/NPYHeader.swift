/// The header of an `.npy` array, a literal of Python that is read without Python
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
struct NPYHeader {
  static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
  /// NumPy's own limit for the header.
  static let lengthLimit = 10_000
  private static let rankLimit = 64

  /// The type of the elements, as `<f4`.
  private(set) var description = ""
  private(set) var isColumnMajor = false
  private(set) var shape: [Int] = []
  /// The size of everything before the elements.
  private(set) var length = 0

  private let path: String
  private let offset: Int
  private let bytes: [UInt8]
  private var position = 0

  /// Reads the header at the beginning of `bytes`, which stand at byte `offset` of the file.
  init(_ bytes: [UInt8], path: String, offset: Int) throws(TensorFileError) {
    (self.bytes, self.path, self.offset) = (bytes, path, offset)
    guard bytes.starts(with: Self.magic), bytes.count >= 10 else {
      throw error("expected the first bytes of an .npy array")
    }
    let wide = bytes[6] > 1
    guard (1...3).contains(bytes[6]), !wide || bytes.count >= 12 else {
      position = 6
      throw error("version \(bytes[6]) of .npy, expected 1 to 3")
    }
    position = wide ? 12 : 10
    let count = (8..<position).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    guard count <= Self.lengthLimit, count <= bytes.count - position else {
      throw error(
        "the header claims to have \(count) bytes, but at most "
          + "\(min(Self.lengthLimit, bytes.count - position)) are possible")
    }
    length = position + count
    try dictionary()
    skipSpace()
    guard position == length else { throw error("expected the end of the header") }
  }

  private mutating func dictionary() throws(TensorFileError) {
    var seen: Set<String> = []
    try take("{")
    while !takeIfThere("}") {
      let key = try text()
      guard seen.insert(key).inserted else { throw error("the key '\(key)' occurs twice") }
      try take(":")
      switch key {
      case "descr":
        skipSpace()
        guard position < length, bytes[position] != UInt8(ascii: "[") else {
          throw error(
            "an array of records, which Levin does not read",
            advice: "Save each field as an array of its own")
        }
        description = try text()
      case "fortran_order": isColumnMajor = try flag()
      case "shape": shape = try sizes()
      default: throw error("expected descr, fortran_order or shape, found '\(key)'")
      }
      guard takeIfThere(",") else {
        try take("}")
        break
      }
    }
    guard seen.count == 3 else { throw error("the header lacks descr, fortran_order or shape") }
  }

  private mutating func sizes() throws(TensorFileError) -> [Int] {
    var sizes: [Int] = []
    try take("(")
    while !takeIfThere(")") {
      skipSpace()
      let digits = bytes[position..<length].prefix { (0x30...0x39).contains($0) }
      guard let size = Int(String(decoding: digits, as: UTF8.self)) else {
        throw error("expected a size, a whole number")
      }
      position += digits.count
      // Python 2 wrote 3L.
      if position < length, bytes[position] == UInt8(ascii: "L") { position += 1 }
      sizes.append(size)
      guard sizes.count <= Self.rankLimit else {
        throw error("more than \(Self.rankLimit) dimensions")
      }
      guard takeIfThere(",") else {
        guard sizes.count > 1 else { throw error("expected a comma in the shape") }
        try take(")")
        break
      }
    }
    return sizes
  }

  private mutating func flag() throws(TensorFileError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position..<length].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw error("expected True or False")
  }

  private mutating func text() throws(TensorFileError) -> String {
    skipSpace()
    guard position < length, bytes[position] == UInt8(ascii: "'") || bytes[position] == 0x22 else {
      throw error("expected a text")
    }
    let quote = bytes[position]
    let content = bytes[(position + 1)..<length].prefix { $0 != quote && $0 != 0x5c }
    guard content.endIndex < length, bytes[content.endIndex] == quote,
      let text = String(validating: content, as: UTF8.self)
    else { throw error("expected a text without '\\'") }
    position = content.endIndex + 1
    return text
  }

  private mutating func take(_ character: UnicodeScalar) throws(TensorFileError) {
    guard takeIfThere(character) else { throw error("expected '\(character)'") }
  }

  private mutating func takeIfThere(_ character: UnicodeScalar) -> Bool {
    skipSpace()
    guard position < length, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < length, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  func error(_ problem: String, advice: String? = nil) -> TensorFileError {
    TensorFileError(
      path, at: offset + position, "not a valid .npy array: \(problem)",
      advice: advice ?? "Save it again with numpy.save")
  }
}

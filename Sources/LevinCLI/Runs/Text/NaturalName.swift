/// A name in natural sort order: `version_2` before `version_10`.
struct NaturalName: Comparable {
  /// The name's bytes; each number has its leading zeros removed, and a digit 0 and its number of digits inserted
  /// before it, so that comparing bytes compares numbers.
  private let key: [UInt8]
  private let length: Int

  init(_ name: String) {
    var key: [UInt8] = []
    key.reserveCapacity(name.utf8.count + 12)
    var rest = name.utf8[...]
    while let byte = rest.first {
      guard Self.isDigit(byte) else {
        key.append(byte)
        rest.removeFirst()
        continue
      }
      let digits = rest.prefix(while: Self.isDigit)
      let number = digits.drop { $0 == 0x30 }
      key.append(0x30)
      for shift in [24, 16, 8, 0] { key.append(UInt8(truncatingIfNeeded: number.count >> shift)) }
      key += number
      rest = rest[digits.endIndex...]
    }
    self.key = key
    length = name.utf8.count
  }

  static func < (left: Self, right: Self) -> Bool {
    // `a1` comes before `a01`: they differ only in zeros.
    if left.key == right.key { return left.length < right.length }
    return left.key.lexicographicallyPrecedes(right.key)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

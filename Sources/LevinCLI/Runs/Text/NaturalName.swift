/// A name that sorts as people count: `version_2` before `version_10`.
struct NaturalName: Comparable {
  /// The name's bytes, with a digit 0 and the number of digits before each number, whose own zeros at its head are gone:
  /// so bytes compare as numbers do.
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
    // `a1` before `a01`: nothing but zeros tells them apart.
    if left.key == right.key { return left.length < right.length }
    return left.key.lexicographicallyPrecedes(right.key)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// A name that sorts as people count: `version_2` before `version_10`.
struct NaturalName: Comparable {
  private let bytes: [UInt8]

  init(_ name: String) { bytes = Array(name.utf8) }

  static func < (left: Self, right: Self) -> Bool {
    let (a, b) = (left.bytes, right.bytes)
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      guard isDigit(a[i]), isDigit(b[j]) else {
        if a[i] != b[j] { return a[i] < b[j] }
        (i, j) = (i + 1, j + 1)
        continue
      }
      let (m, n) = (number(a, &i), number(b, &j))
      if m.count != n.count { return m.count < n.count }
      if m != n { return m.lexicographicallyPrecedes(n) }
    }
    // `a1` before `a01`: nothing but zeros tells them apart.
    if i == a.count && j == b.count { return a.count < b.count }
    return i == a.count
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// The digits from `place` on, without zeros before them; `place` moves behind them.
  private static func number(_ bytes: [UInt8], _ place: inout Int) -> ArraySlice<UInt8> {
    while place < bytes.count, bytes[place] == 0x30 { place += 1 }
    let start = place
    while place < bytes.count, isDigit(bytes[place]) { place += 1 }
    return bytes[start..<place]
  }
}

/// A buffer of text, to which numbers are appended without creating a `String` for each.
struct RowBuffer {
  private var bytes = [UInt8](repeating: 0, count: 1 << 17)
  private(set) var count = 0

  /// Returns the bytes so far and empties the buffer.
  mutating func take() -> [UInt8] {
    defer { count = 0 }
    return Array(bytes[..<count])
  }

  mutating func put(_ text: String) {
    var text = text
    text.withUTF8 { put($0) }
  }

  mutating func put(_ text: [UInt8]) { put(text[...]) }
  mutating func put(_ text: ArraySlice<UInt8>) { text.withUnsafeBufferPointer { put($0) } }

  private mutating func put(_ text: UnsafeBufferPointer<UInt8>) {
    makeRoom(text.count)
    let start = count
    bytes.withUnsafeMutableBufferPointer { bytes in
      _ = UnsafeMutableBufferPointer(rebasing: bytes[start...]).update(fromContentsOf: text)
    }
    count += text.count
  }

  mutating func put(_ number: Int) {
    if number < 0 { put("-") }
    put(number.magnitude)
  }

  /// Appends a number in decimal, with leading zeros up to `digits` digits.
  private mutating func put(_ number: UInt, digits: Int = 1) {
    makeRoom(max(20, digits))
    var length = 1
    var power: UInt = 10
    while length < 20, number >= power {
      length += 1
      let (product, overflows) = power.multipliedReportingOverflow(by: 10)
      if overflows { break }
      power = product
    }
    length = max(length, digits)
    let start = count
    bytes.withUnsafeMutableBufferPointer { bytes in
      var rest = number
      for place in (start..<start + length).reversed() {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        bytes[place] = 0x30 + UInt8(truncatingIfNeeded: digit)
        rest = quotient
      }
    }
    count += length
  }

  /// Appends seconds since 1970 with up to six decimals, as `NumberText.exact` writes them.
  ///
  /// Returns false if they need more decimals, or are not between 1 and 2³².
  mutating func put(seconds: Double) -> Bool {
    guard seconds >= 1, seconds < 0x1p32 else { return false }
    let micros = (seconds * 1e6).rounded()
    // Doubles are less than a microsecond apart here: of all decimals that read back as the number, this is the
    // shortest.
    guard micros / 1e6 == seconds else { return false }
    var fraction: UInt
    let whole: UInt
    (whole, fraction) = UInt(micros).quotientAndRemainder(dividingBy: 1_000_000)
    put(whole)
    guard fraction > 0 else { return true }
    var digits = 6
    while fraction % 10 == 0 { (fraction, digits) = (fraction / 10, digits - 1) }
    put(".")
    put(fraction, digits: digits)
    return true
  }

  private mutating func makeRoom(_ length: Int) {
    guard bytes.count - count < length else { return }
    bytes += [UInt8](repeating: 0, count: max(length, bytes.count))
  }
}

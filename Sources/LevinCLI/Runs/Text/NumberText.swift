internal import Foundation

/// Numbers and times in a readable form.
enum NumberText {
  /// A value with five significant digits: `0.9712`, `2.5`, `1.2e-05`.
  static func short(_ value: Double) -> String {
    if let special = special(value) { return special }
    if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
    return fiveDigits(value) ?? significant(value, 5)
  }

  /// The result of ``significant(_:_:)`` for five digits, several times faster; nil if that takes more than one
  /// rounding to an integer.
  private static func fiveDigits(_ value: Double) -> String? {
    let size = abs(value)
    guard size >= 1e-4, size < 1e5 else { return nil }
    var decimals = 0
    var power = 1.0
    while size * power < 1e4 { (decimals, power) = (decimals + 1, power * 10) }
    let scaled = size * power
    let whole = scaled.rounded(.down)
    // `size * power` before it was rounded to a Double, minus `whole`.
    let rest = (scaled - whole) + (-scaled).addingProduct(size, power)
    // The exact decimals must decide a tie, and a number that rounds to another power of ten.
    guard abs(rest - 0.5) > 1e-6, rest > -1e-6, whole >= 1e4, whole < 99_999 else { return nil }
    var digits = Int(whole) + (rest > 0.5 ? 1 : 0)
    while decimals > 0, digits % 10 == 0 { (digits, decimals) = (digits / 10, decimals - 1) }
    let sign = value < 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(digits) }
    let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
    let fraction = String(digits % scale)
    return sign + String(digits / scale) + "."
      + String(repeating: "0", count: decimals - fraction.utf8.count) + fraction
  }

  /// The shortest text that reads back as the value, a 64-bit float; for a curve's 32-bit floats these are all the
  /// digits of the 64-bit value, as in TensorBoard's CSV.
  static func exact(_ value: Double) -> String {
    if let special = special(value) { return special }
    if let integer = Int(exactly: value), abs(value) < 1e15, integer != 0 || value.sign == .plus {
      return String(integer)
    }
    return value.description
  }

  /// A value with the given number of significant digits, as C's `%g` writes it.
  static func significant(_ value: Double, _ digits: Int) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      _ = withVaList([CInt(digits), value]) { vsnprintf(buffer.baseAddress, 64, "%.*g", $0) }
      return buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
  }

  private static func special(_ value: Double) -> String? {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return nil
  }

  /// Seconds as `0.8 s`, `42 s`, `3 min 07 s`, `2 h 05 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
    if whole < 86400 { return String(format: "%d h %02d min", whole / 3600, whole / 60 % 60) }
    return String(format: "%d d %02d h", whole / 86400, whole / 3600 % 24)
  }

  /// Seconds since 1970 as `2026-11-24 12:33`.
  static func time(_ seconds: Double, in zone: TimeZone) -> String {
    guard seconds.isFinite, abs(seconds) < 1e11 else { return "–" }
    let format = Date.VerbatimFormatStyle(
      format:
        "\(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)",
      timeZone: zone, calendar: Calendar(identifier: .gregorian))
    return Date(timeIntervalSince1970: seconds).formatted(format)
  }

  /// Bytes as `812 B`, `4.9 MB`.
  static func bytes(_ count: Int) -> String {
    var value = Double(count)
    var units = ["B", "kB", "MB", "GB", "TB"][...]
    while value >= 1000, units.count > 1 {
      value /= 1000
      units.removeFirst()
    }
    let unit = units.first ?? "B"
    return unit == "B"
      ? "\(count) B" : String(format: value < 10 ? "%.1f %@" : "%.0f %@", value, unit)
  }
}

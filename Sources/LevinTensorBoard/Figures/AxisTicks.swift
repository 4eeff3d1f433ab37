internal import LevinSystem

/// Round numbers along an axis: 1, 2 or 5 times a power of ten apart.
package enum AxisTicks {
  /// At most `count` ticks within `low...high`, which are finite; a single tick if both are equal.
  package static func values(_ low: Double, _ high: Double, count: Int) -> [Double] {
    let range = high - low
    guard range > 0, range.isFinite else { return [low] }
    let rough = range / Double(max(1, count))
    let power = rough.powerOfTen
    guard power > 0, power.isFinite else { return [low] }
    let step = ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
    let first = (low / step).rounded(.up)
    let last = (high / step).rounded(.down)
    // If the range is tiny compared with the values, steps can no longer be told apart.
    guard last - first < 100, abs(first) < 1e15 else { return [low] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }
}

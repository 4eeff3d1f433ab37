/// The seconds that `body` takes.
func elapsed(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  return try clock.measure(body) / .seconds(1)
}

/// The results of `count` calls of `body` (at least one).
func sampled(_ count: Int, _ body: () throws -> Double) rethrows -> [Double] {
  try (0..<max(count, 1)).map { _ in try body() }
}

extension [Double] {
  /// The middle of the sorted values, or the mean of the two in the middle.
  ///
  /// Traps if there are none.
  var median: Double {
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }

  /// The smallest value.
  ///
  /// Traps if there are none.
  var minimum: Double { reduce(self[0]) { Swift.min($0, $1) } }
}

internal import LevinTensorBoard

/// A curve of the first run against the same of another.
struct CurveDiff: Sendable {
  var tag: String
  /// Which of the runs is compared with the first.
  var run: Int
  var first: MetricSummary?
  var other: MetricSummary?
  /// The first step that both logged with different values.
  var partsAt: Int?
  /// The first step at which the values differ by more than 1 % of the curve's range over both
  /// runs.
  var partsWidelyAt: Int?
  /// Points whose step only one of the runs logged.
  var onlyInFirst = 0
  var onlyInOther = 0

  /// Part of a curve's range that a difference must exceed to be called wide.
  static let wide = 0.01

  var isEqual: Bool {
    isPlaceholder
      || partsAt == nil && onlyInFirst == 0 && onlyInOther == 0 && (first == nil) == (other == nil)
  }

  /// Lightning's `hp_metric` of −1, which says nothing.
  var isPlaceholder: Bool {
    tag == "hp_metric"
      && [first, other].allSatisfy { ($0?.final ?? -1) == -1 && ($0?.best ?? -1) == -1 }
  }

  /// Curves of times and speeds differ from run to run; they are shown and do not count.
  var counts: Bool {
    let words = tag.lowercased().split { !$0.isLetter }
    return !words.contains { Self.times.contains($0) }
  }

  private static let times: Set<Substring> = [
    "time", "times", "second", "seconds", "duration", "elapsed", "throughput",
  ]

  /// A curve of two runs; their summaries are worked out unless given.
  init(
    _ tag: String, _ left: ScalarSeries?, _ right: ScalarSeries?, run: Int,
    summaries: (MetricSummary?, MetricSummary?) = (nil, nil)
  ) {
    self.tag = tag
    self.run = run
    first = summaries.0 ?? left.flatMap { MetricSummary(tag, $0) }
    other = summaries.1 ?? right.flatMap { MetricSummary(tag, $0) }
    guard let left, let right else { return }
    let pairs = pair(left, right)
    // A difference of NaN counts as infinitely wide.
    let width = Self.wide * Self.range(left, right)
    for (i, j) in pairs {
      let (a, b) = (left.values[i], right.values[j])
      // Integers may differ where a Double does not tell them apart.
      let isSame =
        a == b ? left.exactIntegers[i] == right.exactIntegers[j] : a.isNaN && b.isNaN
      guard !isSame else { continue }
      if partsAt == nil { partsAt = left.steps[i] }
      if !(abs(a - b) <= width) {
        partsWidelyAt = left.steps[i]
        return
      }
    }
  }

  /// The indices of the steps that both have, in the order of the steps; counts those of one alone.
  ///
  /// A step that was logged twice counts by its last value.
  private mutating func pair(_ left: ScalarSeries, _ right: ScalarSeries) -> [(Int, Int)] {
    let isRising = zip(left.steps, left.steps.dropFirst()).allSatisfy { $0 < $1 }
    if isRising, left.steps == right.steps { return left.steps.indices.map { ($0, $0) } }
    let firsts = Dictionary(zip(left.steps, left.steps.indices)) { $1 }
    let others = Dictionary(zip(right.steps, right.steps.indices)) { $1 }
    let common = firsts.keys.filter { others[$0] != nil }.sorted()
    onlyInFirst = firsts.count - common.count
    onlyInOther = others.count - common.count
    return common.compactMap { step in
      firsts[step].flatMap { first in others[step].map { (first, $0) } }
    }
  }

  /// From the least to the greatest finite value of both.
  private static func range(_ left: ScalarSeries, _ right: ScalarSeries) -> Double {
    var (low, high) = (Double.infinity, -Double.infinity)
    for values in [left.values, right.values] {
      for value in values where value.isFinite { (low, high) = (min(low, value), max(high, value)) }
    }
    return low <= high ? high - low : 0
  }

  /// All curves of two runs, those of the first run first.
  static func all(_ first: RunOverview, _ other: RunOverview, run: Int) -> [CurveDiff] {
    TextDiff.union(first.run, other.run, .scalar).map {
      CurveDiff(
        $0, first.run.scalars($0), other.run.scalars($0), run: run,
        summaries: (first.metric($0), other.metric($0)))
    }
  }
}

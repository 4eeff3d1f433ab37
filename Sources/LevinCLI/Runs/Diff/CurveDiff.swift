internal import LevinTensorBoard

/// A curve of the first run, compared with the same curve of another.
struct CurveDiff: Sendable {
  var tag: String
  /// The run that is compared with the first.
  var run: Int
  var first: MetricSummary?
  var other: MetricSummary?
  /// The first step at which both runs logged different values.
  var partsAt: Int?
  /// The first step at which the values differ by more than 1 % of the curve's range over both
  /// runs.
  var partsWidelyAt: Int?
  /// The number of points whose step only one of the runs logged.
  var onlyInFirst = 0
  var onlyInOther = 0

  /// The part of a curve's range that a difference must exceed to be called wide.
  static let wide = 0.01

  var isEqual: Bool {
    isPlaceholder
      || partsAt == nil && onlyInFirst == 0 && onlyInOther == 0 && (first == nil) == (other == nil)
  }

  /// Whether this is Lightning's `hp_metric` of −1, which means nothing.
  var isPlaceholder: Bool {
    tag == "hp_metric"
      && [first, other].allSatisfy { ($0?.final ?? -1) == -1 && ($0?.best ?? -1) == -1 }
  }

  /// Whether the curve counts: times and speeds differ from run to run, so they are only shown.
  var counts: Bool {
    let words = tag.lowercased().split { !$0.isLetter }
    return !words.contains { Self.times.contains($0) }
  }

  private static let times: Set<Substring> = [
    "time", "times", "second", "seconds", "duration", "elapsed", "throughput",
  ]

  /// Compares a curve of two runs; their summaries are computed unless given.
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
    // A difference of NaN counts as infinitely large.
    let width = Self.wide * Self.range(left, right)
    for (i, j) in pairs {
      let (a, b) = (left.values[i], right.values[j])
      // Integers may differ in a way that a Double cannot show.
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

  /// The indices of the steps that both have, in the order of the steps; counts the steps of only one.
  ///
  /// The last value of a step that was logged twice counts.
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

  /// The range from the least to the greatest finite value of both.
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

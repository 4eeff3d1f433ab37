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
    let words = tag.lowercased().split { !$0.isLetter }.map(String.init)
    let times: Set = ["time", "times", "second", "seconds", "duration", "elapsed", "throughput"]
    return !words.contains { times.contains($0) }
  }

  init(_ tag: String, _ left: ScalarSeries?, _ right: ScalarSeries?, run: Int) {
    self.tag = tag
    self.run = run
    first = left.flatMap { MetricSummary(tag, $0) }
    other = right.flatMap { MetricSummary(tag, $0) }
    guard let left, let right else { return }
    // A step that was logged twice counts by its last value.
    let others = Dictionary(zip(right.steps, right.values)) { $1 }
    let firsts = Dictionary(zip(left.steps, left.values)) { $1 }
    onlyInFirst = firsts.keys.count { others[$0] == nil }
    onlyInOther = others.keys.count { firsts[$0] == nil }
    let finite = (left.values + right.values).filter(\.isFinite)
    let range = (finite.max() ?? 0) - (finite.min() ?? 0)
    for step in firsts.keys.sorted() {
      guard let a = firsts[step], let b = others[step], a != b, !(a.isNaN && b.isNaN) else {
        continue
      }
      if partsAt == nil { partsAt = step }
      // A difference of NaN counts as infinitely wide.
      if !(abs(a - b) <= Self.wide * range) {
        partsWidelyAt = step
        return
      }
    }
  }

  /// All curves of two runs, those of the first run first.
  static func all(_ first: Run, _ other: Run, run: Int) -> [CurveDiff] {
    TextDiff.union(first, other, .scalar).map {
      CurveDiff($0, first.scalars($0), other.scalars($0), run: run)
    }
  }
}

/// Steps of a tag that only one of two runs has.
struct MissingSteps: Sendable {
  var tag: String
  /// The run that was compared with the first.
  var run: Int
  var onlyInFirst: [Int]
  var onlyInOther: [Int]

  /// Returns nil if both have the same steps.
  init?(_ tag: String, run: Int, _ first: Set<Int>, _ other: Set<Int>) {
    guard first != other else { return nil }
    self.tag = tag
    self.run = run
    onlyInFirst = first.subtracting(other).sorted()
    onlyInOther = other.subtracting(first).sorted()
  }
}

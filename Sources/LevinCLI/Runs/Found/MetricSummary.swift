internal import LevinTensorBoard

/// How a curve ended and where it was best.
struct MetricSummary: Sendable {
  var tag: String
  var count: Int
  var final: Double
  var finalStep: Int
  /// Whether any value is finite.
  var hasNumbers: Bool
  /// The best finite value; nil where there is none, and where no value is better than another, as of a learning rate.
  var best: Double?
  var bestStep: Int?

  init?(_ tag: String, _ series: ScalarSeries) {
    guard let final = series.values.last, let finalStep = series.steps.last else { return nil }
    self.tag = tag
    count = series.count
    self.final = final
    self.finalStep = finalStep
    hasNumbers = series.values.contains(where: \.isFinite)
    guard let direction = Direction(of: tag) else { return }
    for (step, value) in zip(series.steps, series.values) where value.isFinite {
      // The first of equal values, as a checkpoint of the best would keep it.
      if let known = best, !direction.isBetter(value, than: known) { continue }
      best = value
      bestStep = step
    }
  }

  /// In the order to show metrics in: training, validation, test, each by name, and before them what
  /// has no such name.
  static func sorted<Element>(_ elements: [Element], by tag: (Element) -> String) -> [Element] {
    let keys = elements.map { element -> (stage: Int, name: NaturalName) in
      let tag = tag(element)
      return (Stage(of: tag).rawValue, NaturalName(tag))
    }
    let order = elements.indices.sorted { left, right in
      keys[left].stage == keys[right].stage
        ? keys[left].name < keys[right].name : keys[left].stage < keys[right].stage
    }
    return order.map { elements[$0] }
  }

  /// What a metric was measured in, by the first word of its tag.
  enum Stage: Int {
    case unknown, training, validation, test

    init(of tag: String) {
      let word = tag.utf8.drop { !MetricSummary.isLetter($0) }.prefix(while: MetricSummary.isLetter)
      self =
        switch Substring(word).lowercased() {
        case "train", "training": .training
        case "val", "valid", "validation": .validation
        case "test": .test
        default: .unknown
        }
    }
  }
}

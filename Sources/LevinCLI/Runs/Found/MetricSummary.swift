internal import LevinTensorBoard

/// The final and the best value of a curve.
struct MetricSummary: Sendable {
  var tag: String
  var count: Int
  var final: Double
  var finalStep: Int
  /// Whether any value is finite.
  var hasNumbers: Bool
  /// The best finite value; nil if there is none, or if the metric has no best value, like a learning rate.
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
      // The first of equal values, as a checkpoint of the best one would keep it.
      if let known = best, !direction.isBetter(value, than: known) { continue }
      best = value
      bestStep = step
    }
  }

  /// Elements in display order: training, validation, test, each sorted by name, after those of no stage.
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

  /// The stage in which a metric was measured, judging by the first word of its tag.
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

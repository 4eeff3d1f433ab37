internal import Foundation
internal import LevinTensorBoard

/// How a curve ended and where it was best.
struct MetricSummary: Sendable {
  var tag: String
  var count: Int
  var final: Double
  var finalStep: Int
  /// The best finite value; nil where there is none.
  var best: Double?
  var bestStep: Int?
  var isLowerBetter: Bool

  init?(_ tag: String, _ series: ScalarSeries) {
    guard let final = series.values.last, let finalStep = series.steps.last else { return nil }
    self.tag = tag
    count = series.count
    self.final = final
    self.finalStep = finalStep
    isLowerBetter = Self.isLowerBetter(tag)
    for (step, value) in zip(series.steps, series.values) where value.isFinite {
      // The first of equal values, as a checkpoint of the best would keep it.
      if let known = best, isLowerBetter ? value >= known : value <= known { continue }
      best = value
      bestStep = step
    }
  }

  /// The order to show metrics in: training, validation, test, each by name, and before them what
  /// has no such name.
  static func comesBefore(_ left: String, _ right: String) -> Bool {
    let ranks = (Stage(of: left).rawValue, Stage(of: right).rawValue)
    return ranks.0 == ranks.1
      ? left.compare(right, options: .numeric) == .orderedAscending : ranks.0 < ranks.1
  }

  /// What a metric was measured in, by the first word of its tag.
  enum Stage: Int {
    case unknown, training, validation, test

    init(of tag: String) {
      self =
        switch tag.split(whereSeparator: { !$0.isLetter }).first?.lowercased() {
        case "train", "training": .training
        case "val", "valid", "validation": .validation
        case "test": .test
        default: .unknown
        }
    }
  }

  /// Losses, errors and times are better low; accuracies and all else high.
  ///
  /// Told by the last part of the tag.
  static func isLowerBetter(_ tag: String) -> Bool {
    let name = (tag.split(separator: "/").last.map(String.init) ?? tag).lowercased()
    let words = name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let low: Set = [
      "error", "err", "mse", "mae", "rmse", "mape", "nll", "ppl", "perplexity", "divergence", "kl",
      "wer", "cer", "fid", "time", "seconds", "distance", "bce", "ce", "entropy", "brier",
    ]
    return words.contains { low.contains($0) || $0.hasSuffix("loss") }
  }
}

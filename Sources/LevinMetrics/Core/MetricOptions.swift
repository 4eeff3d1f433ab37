internal import LevinConfiguration
internal import LevinSystem

extension HyperparameterSet {
  /// The same options; traps with the metric's name if one is out of range.
  func checked(for metric: String) -> Self {
    do { try validate() } catch { fail(metric, "\(error)") }
    return self
  }

  /// Throws ``ConfigError`` unless `value` is a finite number above 0.
  func requirePositive(_ key: String, _ value: Double) throws {
    guard value > 0, value.isFinite else {
      throw ConfigError("\(key): found \(value); expected a finite number above 0", key: key)
    }
  }
}

/// Help texts for options that several metrics have.
enum MetricHelp {
  static let ignoreIndex = "A target value that does not count; null: all count."
  static let outputs = "The number of outputs per sample."
  static let multiOutput = "How the values of outputs are combined."
  static let dataRange = "The greatest possible value of an image minus the least."

  /// The help texts of a task, with more of them.
  static func task(_ more: [String: String]) -> [String: String] {
    more.merging(
      [
        "task": "Whether predictions are 0 or 1, one of several classes, or 0 or 1 for each label.",
        "class_count": "The number of classes or labels; a binary task needs none.",
        "average": "How the values of classes are combined; a binary task needs no average.",
        "threshold": "Scores above it count as 1, in a binary or multilabel task.",
        "thresholds":
          "The thresholds of the curve, in ascending order; null: every score, which takes more memory.",
        "top_k": "The number of largest scores among which the target counts as correct.",
        "ignore_index": ignoreIndex,
        "zero_division": "The value of 0/0.",
        "multidim_average":
          "Whether further dimensions count as more samples, or each sample has a value of its own.",
      ].filter { more[$0.key] != nil || ["task", "class_count", "ignore_index"].contains($0.key) }
    ) {
      $0.isEmpty ? $1 : $0
    }
  }
}

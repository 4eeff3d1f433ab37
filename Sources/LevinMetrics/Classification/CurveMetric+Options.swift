internal import LevinConfiguration

extension CurveMetric {
  /// What becomes of a batch in which a score is outside 0…1.
  public enum Normalization: String, Sendable, Codable, CaseIterable {
    /// The sigmoids of its scores; the softmax of those of classes.
    case automatic
    /// The sigmoids of its scores.
    case sigmoid
    /// The softmax of the scores of classes.
    case softmax
    /// Nothing: thresholds are on the scores' own scale.
    case none
  }

  /// The options of metrics of curves.
  public struct Options: TaskOptions {
    /// The kind of prediction.
    public var task = ClassificationTask.Kind.binary
    /// The number of classes or labels; a binary task needs none.
    public var classCount = 0
    /// How the values, or the curves, of classes are combined.
    public var average: Average?
    /// The thresholds, in ascending order; nil: every score.
    public var thresholds: [Double]?
    /// What becomes of a batch in which a score is outside 0…1.
    public var normalization = Normalization.automatic
    /// The target value that does not count.
    public var ignoreIndex: Int?

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if a task has too few classes, thresholds are not in order, or there is a softmax of
    /// something else than classes.
    public func validate() throws {
      try requireTask()
      if let thresholds, thresholds.isEmpty || thresholds != thresholds.sorted() {
        throw ConfigError(
          "thresholds: found \(thresholds); expected numbers in ascending order", key: "thresholds")
      }
      if normalization == .softmax, task != .multiclass {
        throw ConfigError(
          "normalization: found softmax for a \(task) task; expected automatic, sigmoid or none",
          key: "normalization")
      }
    }
    /// A sentence about each option.
    public static let help = MetricHelp.task([
      "average": "", "thresholds": "",
      "normalization":
        "What becomes of a batch in which a score is outside 0 to 1; automatic: sigmoids, or the softmax of classes.",
    ])
  }
}

extension CurveMetric.Options {
  init(
    _ task: AveragedTask, thresholds: [Double]?, normalization: CurveMetric.Normalization,
    ignoreIndex: Int?
  ) {
    self.init(task.task, ignoring: ignoreIndex) {
      ($0.average, $0.thresholds) = (task.average, thresholds)
      $0.normalization = normalization
    }
  }

  /// Throws ``ConfigError`` unless the average is one that a number can have; a binary task needs none.
  func requireAverage() throws {
    let micro: [Average] = task == .multiclass ? [] : [.micro]
    let samples: [Average] = task == .multilabel && thresholds == nil ? [.samples] : []
    try require(average: average, of: micro + [.macro, .weighted, .none] + samples)
  }

  /// Throws ``ConfigError`` unless the average is one that a curve can have, or there is none.
  func requireCurveAverage() throws {
    guard average == nil || average == .micro || average == .macro,
      task != .binary || average == nil
    else {
      throw ConfigError(
        "average: found \(average?.rawValue ?? "null"); expected "
          + (task == .binary ? "null" : "micro, macro or null"), key: "average")
    }
  }
}

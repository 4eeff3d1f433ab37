internal import LevinConfiguration
public import LevinTensor

/// How much better predictions agree with targets than they would by chance (Cohen 1960; torchmetrics' `CohenKappa`).
public final class CohenKappa: MatrixMetric {
  public override var higherIsBetter: Bool? { true }

  /// How much a wrong class counts.
  public enum Weights: String, Sendable, Codable, CaseIterable { case none, linear, quadratic }

  /// The options of ``CohenKappa``.
  public struct Options: TaskOptions {
    /// The kind of prediction: binary or multiclass.
    public var task = ClassificationTask.Kind.binary
    /// The number of classes; a binary task needs none.
    public var classCount = 0
    /// How much a wrong class counts.
    public var weights = Weights.none
    /// The threshold above which scores of a binary task count as 1.
    public var threshold = 0.5
    /// The target value that does not count.
    public var ignoreIndex: Int?

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range, and for a multilabel task.
    public func validate() throws {
      try requireTask(of: [.binary, .multiclass])
      try MatrixMetric.Options(fullTask, threshold, ignoreIndex).validate()
    }
    /// A sentence about each option.
    public static let help = MetricHelp.task([
      "threshold": "",
      "weights":
        "How much a wrong class counts: 1, its distance to the target, or the square of that.",
    ])
  }

  /// The options.
  public let options: Options

  /// Traps if an option is out of range, and for a multilabel task.
  public init(_ options: Options) {
    self.options = options.checked(for: "CohenKappa")
    super.init(.init(options.fullTask, options.threshold, options.ignoreIndex))
  }

  /// Traps if an argument is out of range, and for a multilabel task.
  public convenience init(
    _ task: ClassificationTask, weights: Weights = .none, threshold: Double = 0.5,
    ignoreIndex: Int? = nil
  ) {
    self.init(
      Options(task, ignoring: ignoreIndex) {
        ($0.weights, $0.threshold) = (weights, threshold)
      })
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let rows = rows(states[0])
    let targets = rows.map { $0.reduce(0, +) }
    let predictions = rows.indices.map { column in rows.reduce(0) { $0 + $1[column] } }
    let total = targets.reduce(0, +)
    var (found, expected) = (0.0, 0.0)
    for i in rows.indices {
      for j in rows.indices where i != j {
        let distance = Double(abs(i - j))
        let weight =
          switch options.weights {
          case .none: 1.0
          case .linear: distance
          case .quadratic: distance * distance
          }
        found += weight * rows[i][j]
        expected += weight * targets[i] * predictions[j] / total
      }
    }
    return Tensor(Float(1 - found / expected))
  }
}

/// ``CohenKappa`` of one batch.
public func cohenKappa(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask,
  weights: CohenKappa.Weights = .none, threshold: Double = 0.5, ignoreIndex: Int? = nil
) -> Tensor {
  CohenKappa(task, weights: weights, threshold: threshold, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

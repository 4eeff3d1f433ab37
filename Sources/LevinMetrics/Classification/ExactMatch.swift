internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// The fraction of rows in which all decisions are correct (torchmetrics' `ExactMatch`).
///
/// In a multilabel task a row is a row of labels; for classes with additional dimensions, `[batch, …]`, it is a whole
/// sample. Decisions that are ignored count as correct. With ``MultidimAverage/samplewise`` the value is `[batch]`.
public final class ExactMatch: Metric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``ExactMatch``.
  public struct Options: TaskOptions {
    /// The kind of prediction: multiclass or multilabel.
    public var task = ClassificationTask.Kind.multiclass
    /// The number of classes or labels.
    public var classCount = 0
    /// The threshold above which scores of a multilabel task count as 1.
    public var threshold = 0.5
    /// The target value that does not count.
    public var ignoreIndex: Int?
    /// What becomes of further dimensions.
    public var multidimAverage = MultidimAverage.global

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range, and for a binary task.
    public func validate() throws {
      try requireTask(of: [.multiclass, .multilabel])
      try require("threshold", threshold, in: 0...1)
    }
    /// A sentence about each option.
    public static let help = MetricHelp.task(["threshold": "", "multidim_average": ""])
  }

  /// The options.
  public let options: Options
  /// The task.
  public let task: ClassificationTask

  /// Traps if an option is out of range, and for a binary task.
  public init(_ options: Options) {
    self.options = options.checked(for: "ExactMatch")
    task = options.fullTask
    super.init(
      ["right", "rows"].map {
        options.multidimAverage == .global ? .sum($0, of: [], .int64) : .list($0, .int64)
      })
  }

  /// Traps if an argument is out of range, and for a binary task.
  public convenience init(
    _ task: ClassificationTask, threshold: Double = 0.5, ignoreIndex: Int? = nil,
    multidimAverage: MultidimAverage = .global
  ) {
    self.init(
      Options(task, ignoring: ignoreIndex) {
        ($0.threshold, $0.multidimAverage) = (threshold, multidimAverage)
      })
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let isSamplewise = options.multidimAverage == .samplewise
    let rank = isSamplewise && !task.isMulticlass ? 3 : 2
    guard targets.rank >= rank else {
      fail("ExactMatch", "targets \(targets.shape)", expected: "\(rank) dimensions or more")
    }
    let areRight = Decisions(
      predictions, targets, task, threshold: options.threshold, ignoreIndex: options.ignoreIndex,
      for: "ExactMatch"
    ).areRight().all(dimension: 1)
    guard isSamplewise else {
      return [areRight.sum(), Tensor(Int64(areRight.elementCount))]
    }
    let rows = areRight.reshaped(to: [targets.shape[0], -1]).to(.int64)
    return [rows.sum(dimension: 1), rows.onesLike().sum(dimension: 1)]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let (right, rows) = (states[0].to(.float64), states[1].to(.float64))
    return (right / rows).maskedFill(rows .== 0, with: 0).to(.float32)
  }
}

/// ``ExactMatch`` of one batch.
public func exactMatch(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, threshold: Double = 0.5,
  ignoreIndex: Int? = nil, multidimAverage: MultidimAverage = .global
) -> Tensor {
  ExactMatch(
    task, threshold: threshold, ignoreIndex: ignoreIndex, multidimAverage: multidimAverage
  ).evaluate(predictions, targets)
}

internal import LevinConfiguration
public import LevinTensor

/// A metric based on how often each class was predicted for each target.
open class MatrixMetric: Metric {
  /// The options of metrics that are based on a confusion matrix.
  public struct Options: TaskOptions {
    /// The kind of prediction.
    public var task = ClassificationTask.Kind.binary
    /// The number of classes or labels; a binary task needs none.
    public var classCount = 0
    /// The threshold above which scores of a binary or multilabel task count as 1.
    public var threshold = 0.5
    /// The target value that does not count.
    public var ignoreIndex: Int?

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range.
    public func validate() throws {
      try requireTask()
      try require("threshold", threshold, in: 0...1)
    }
    /// A sentence about each option.
    public static let help = MetricHelp.task(["threshold": ""])
  }

  /// The task.
  public final let task: ClassificationTask
  /// How decisions are made.
  final let decisions: Options

  /// Traps if an option is out of range.
  public init(_ options: Options) {
    decisions = options.checked(for: "\(Self.self)")
    task = options.fullTask
    super.init([.sum("matrix", of: Self.shape(task), .int64)])
  }

  /// Traps if an argument is out of range.
  public convenience init(
    _ task: ClassificationTask, threshold: Double = 0.5, ignoreIndex: Int? = nil
  ) {
    self.init(Options(task, threshold, ignoreIndex))
  }

  private static func shape(_ task: ClassificationTask) -> Shape {
    switch task {
    case .binary: [2, 2]
    case .multiclass(let count): [count, count]
    case .multilabel(let count): [count, 2, 2]
    }
  }

  open override var sharingKey: String? {
    "matrix \(task) \(decisions.threshold) \(decisions.ignoreIndex.map(String.init) ?? "")"
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    [
      Decisions(
        predictions, targets, task, threshold: decisions.threshold,
        ignoreIndex: decisions.ignoreIndex, for: name
      ).matrix()
    ]
  }

  /// The rows of a matrix of classes.
  final func rows(_ matrix: Tensor) -> [[Double]] {
    let numbers = matrix.scalars(as: Int64.self).map { Double($0) }
    let width = matrix.shape[matrix.rank - 1]
    return (0..<(numbers.count / width)).map { Array(numbers[($0 * width)..<(($0 + 1) * width)]) }
  }
}

extension MatrixMetric.Options {
  init(_ task: ClassificationTask, _ threshold: Double, _ ignoreIndex: Int?) {
    self.init(task, ignoring: ignoreIndex) { $0.threshold = threshold }
  }
}

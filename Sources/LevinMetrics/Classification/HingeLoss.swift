internal import LevinConfiguration
public import LevinTensor

/// The mean amount by which scores fall short of a margin of 1 (Crammer and Singer 2001; torchmetrics' `HingeLoss`).
public final class HingeLoss: Metric {
  public override var higherIsBetter: Bool? { false }

  /// What the score of a class is compared with.
  public enum Mode: String, Sendable, Codable, CaseIterable {
    /// The largest score of another class: one number.
    case crammerSinger = "crammer-singer"
    /// Each class separately: one number for each.
    case oneVsAll = "one-vs-all"
  }

  /// The options of ``HingeLoss``.
  public struct Options: TaskOptions {
    /// The kind of prediction: binary or multiclass.
    public var task = ClassificationTask.Kind.binary
    /// The number of classes; a binary task needs none.
    public var classCount = 0
    /// Whether the shortfalls are squared.
    public var squared = false
    /// What the score of a class is compared with.
    public var mode = Mode.crammerSinger
    /// The target value that does not count.
    public var ignoreIndex: Int?

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` for a multilabel task.
    public func validate() throws { try requireTask(of: [.binary, .multiclass]) }
    /// A sentence about each option.
    public static let help = MetricHelp.task([
      "squared": "Whether the shortfalls are squared.",
      "mode":
        "Whether a score is compared with the largest other one, or each class is on its own.",
    ])
  }

  /// The options.
  public let options: Options
  /// The task.
  public let task: ClassificationTask

  /// Traps for a multilabel task.
  public convenience init(
    _ task: ClassificationTask, squared: Bool = false, mode: Mode = .crammerSinger,
    ignoreIndex: Int? = nil
  ) {
    self.init(
      Options(task, ignoring: ignoreIndex) { ($0.squared, $0.mode) = (squared, mode) })
  }

  /// Traps for a multilabel task.
  public init(_ options: Options) {
    self.options = options.checked(for: "HingeLoss")
    task = options.fullTask
    let isList = task.isMulticlass && options.mode == .oneVsAll
    super.init([
      .sum("shortfall", of: isList ? [task.count] : [], .float64), .sum("count", of: [], .int64),
    ])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    var (scores, labels) = Scores.rows(
      predictions, targets, task, ignoreIndex: options.ignoreIndex, for: "HingeLoss")
    let count = Tensor(Int64(labels.elementCount))
    var margin: Tensor
    if task == .binary {
      scores = scores.probabilities().to(.float64)
      margin = Tensor.where(labels .== 1, scores, -scores)
    } else {
      scores = (scores.isWithinUnit ? scores : scores.softmax(dimension: 1)).to(.float64)
      let isTarget = labels.oneHot(task.count) .== 1
      if options.mode == .oneVsAll {
        margin = Tensor.where(isTarget, scores, -scores)
      } else {
        let own = scores.gathered(1, labels.unsqueezed(1)).squeezed(1)
        let others = scores.maskedFill(isTarget, with: -Double.infinity)
        margin = own - others.maximum(dimension: 1)
      }
    }
    margin = (1 - margin).clamped(atLeast: 0)
    if options.squared { margin = margin * margin }
    return [margin.sum(dimension: 0), count]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    (states[0] / states[1]).to(.float32)
  }
}

/// ``HingeLoss`` of one batch.
public func hingeLoss(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, squared: Bool = false,
  mode: HingeLoss.Mode = .crammerSinger, ignoreIndex: Int? = nil
) -> Tensor {
  HingeLoss(task, squared: squared, mode: mode, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

internal import LevinSystem
public import LevinTensor

/// The mean amount by which scores fall short of a margin of 1 (Crammer and Singer 2001; torchmetrics' `HingeLoss`).
public final class HingeLoss: Metric {
  /// What the score of a class is compared with.
  public enum Mode: String, Sendable, Codable, CaseIterable {
    /// The largest score of another class: one number.
    case crammerSinger = "crammer-singer"
    /// Each class separately: one number for each.
    case oneVsAll = "one-vs-all"
  }
  /// The task.
  public let task: ClassificationTask
  /// Whether the shortfalls are squared.
  public let squared: Bool
  /// What the score of a class is compared with.
  public let mode: Mode
  /// The target value that does not count.
  public let ignoreIndex: Int?

  /// Traps for a multilabel task.
  public init(
    _ task: ClassificationTask, squared: Bool = false, mode: Mode = .crammerSinger,
    ignoreIndex: Int? = nil
  ) {
    if case .multilabel = task {
      fail("HingeLoss", "a multilabel task", expected: "binary or multiclass")
    }
    (self.task, self.squared, self.mode, self.ignoreIndex) = (task, squared, mode, ignoreIndex)
    let isList = task.isMulticlass && mode == .oneVsAll
    super.init([
      .sum("shortfall", of: isList ? [task.count] : [], .float64), .sum("count", of: [], .int64),
    ])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    var (scores, labels) = Scores.rows(
      predictions, targets, task, ignoreIndex: ignoreIndex, for: "HingeLoss")
    let count = Tensor(Int64(labels.elementCount))
    var margin: Tensor
    if task == .binary {
      scores = scores.probabilities().to(.float64)
      margin = Tensor.where(labels .== 1, scores, -scores)
    } else {
      scores = (scores.isWithinUnit ? scores : scores.softmax(dimension: 1)).to(.float64)
      let isTarget = labels.oneHot(task.count) .== 1
      if mode == .oneVsAll {
        margin = Tensor.where(isTarget, scores, -scores)
      } else {
        let own = scores.gathered(1, labels.unsqueezed(1)).squeezed(1)
        let others = scores.maskedFill(isTarget, with: -Double.infinity)
        margin = own - others.maximum(dimension: 1)
      }
    }
    margin = (1 - margin).clamped(atLeast: 0)
    if squared { margin = margin * margin }
    return [margin.sum(dimension: 0), count]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    (states[0] / states[1]).to(.float32)
  }
}

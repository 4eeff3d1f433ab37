internal import LevinSystem
public import LevinTensor

/// The fraction of rows of which every decision is right (torchmetrics' `ExactMatch`).
///
/// A row of a multilabel task is its labels; of classes with further dimensions, `[batch, …]`, it is all that a sample has. Decisions that
/// are ignored count as right.
public final class ExactMatch: Metric {
  /// What is predicted.
  public let task: ClassificationTask
  /// What is 1, of scores of a multilabel task.
  public let threshold: Double
  /// A target that does not count.
  public let ignoreIndex: Int?

  /// Traps for a binary task.
  public init(_ task: ClassificationTask, threshold: Double = 0.5, ignoreIndex: Int? = nil) {
    if task == .binary { fail("ExactMatch", "a binary task", expected: "multiclass or multilabel") }
    ClassificationChecks.task(task, for: "ExactMatch")
    (self.task, self.threshold, self.ignoreIndex) = (task, threshold, ignoreIndex)
    super.init([.sum("right", of: [], .int64), .sum("rows", of: [], .int64)])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    if task.isMulticlass, targets.rank < 2 {
      fail(
        "ExactMatch", "targets \(targets.shape)", expected: "[batch, …] with two dimensions or more"
      )
    }
    let decisions = Decisions(
      predictions, targets, task, threshold: threshold, topK: 1, ignoreIndex: ignoreIndex,
      for: "ExactMatch")
    let rows =
      task.isMulticlass ? targets.shape[0] : decisions.targets.count / decisions.labelCount
    let width = rows == 0 ? 0 : decisions.targets.count / rows
    let right = (0..<rows).count { row in
      ((row * width)..<((row + 1) * width)).allSatisfy {
        decisions.targets[$0] == -1 || decisions.targets[$0] == decisions.predicted[$0]
      }
    }
    return [Tensor(Int64(right)), Tensor(Int64(rows))]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let rows = states[1].item()
    return Tensor(Float(rows == 0 ? 0 : states[0].item() / rows))
  }
}

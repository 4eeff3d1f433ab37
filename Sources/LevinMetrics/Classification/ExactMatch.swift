internal import LevinSystem
public import LevinTensor

/// The fraction of rows in which all decisions are correct (torchmetrics' `ExactMatch`).
///
/// In a multilabel task a row is a row of labels; for classes with additional dimensions, `[batch, …]`, it is a whole
/// sample. Decisions that are ignored count as correct.
public final class ExactMatch: Metric {
  /// The task.
  public let task: ClassificationTask
  /// The threshold above which scores of a multilabel task count as 1.
  public let threshold: Double
  /// The target value that does not count.
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

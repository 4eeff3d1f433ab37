internal import LevinSystem
internal import LevinTensor

/// The scores and targets of a batch, row by row.
enum Scores {
  /// Scores `[rows]` or `[rows, classes]`, float32, and targets `[rows]`, int64, without those that are ignored.
  static func rows(
    _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, ignoreIndex: Int?,
    for metric: String
  ) -> (scores: Tensor, targets: Tensor) {
    ClassificationChecks.shapes(predictions, targets, task, for: metric)
    guard predictions.dtype.isFloatingPoint, !task.isMulticlass || predictions.rank > targets.rank
    else {
      fail(
        metric, "predictions \(predictions.shape) of dtype \(predictions.dtype.name)",
        expected: "scores")
    }
    var scores = predictions.to(.float32)
    scores = task == .binary ? scores.reshaped(to: [-1]) : scores.rowsOfLabels()
    var labels = targets.to(.int64).reshaped(to: [-1])
    if let ignoreIndex {
      let kept = (labels .!= ignoreIndex).nonzero().reshaped(to: [-1])
      (scores, labels) = (scores.indexSelected(0, kept), labels.indexSelected(0, kept))
    }
    ClassificationChecks.labels(
      labels, below: task == .binary ? 2 : task.count, "target", for: metric)
    return (scores.contiguous(), labels.contiguous())
  }
}

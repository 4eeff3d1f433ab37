public import LevinTensor

/// The fraction of correct decisions; for a class, the fraction of its targets that are found (torchmetrics'
/// `Accuracy`).
public final class Accuracy: CountingMetric {
  public override var higherIsBetter: Bool? { true }

  public override func score(_ counts: Counts) -> Double {
    guard !task.isMulticlass else { return ratio(counts.truePositives, counts.support) }
    let right = counts.truePositives + counts.trueNegatives
    return ratio(right, right + counts.falsePositives + counts.falseNegatives)
  }

  override func isPresent(_ counts: Counts) -> Bool {
    options.topK == 1 ? super.isPresent(counts) : counts.support > 0
  }
}

/// ``Accuracy`` of one batch.
public func accuracy(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, threshold: Double = 0.5,
  topK: Int = 1, ignoreIndex: Int? = nil, multidimAverage: MultidimAverage = .global
) -> Tensor {
  Accuracy(
    task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex,
    multidimAverage: multidimAverage
  ).evaluate(predictions, targets)
}

/// The fraction of correct predictions, a float32 scalar (torchmetrics' micro-averaged multiclass accuracy).
///
/// `predictions` are class indices `[batch]` or scores `[batch, classes]`, of which the largest counts (the first
/// if several are equal); `targets` are class indices `[batch]`. Traps if one is outside of 0..<classCount.
public func accuracy(_ predictions: Tensor, _ targets: Tensor, classCount: Int) -> Tensor {
  accuracy(predictions, targets, .multiclass(classCount, average: .micro))
}

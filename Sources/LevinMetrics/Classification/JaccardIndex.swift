public import LevinTensor

/// Intersection over union: of all decisions that are predicted or targets, the fraction that are both (Jaccard 1901;
/// torchmetrics' `JaccardIndex`).
public final class JaccardIndex: CountingMetric {
  public override var higherIsBetter: Bool? { true }

  public override func score(_ counts: Counts) -> Double {
    ratio(
      counts.truePositives, counts.truePositives + counts.falsePositives + counts.falseNegatives)
  }

  override func combined(_ counts: [Counts]) -> Tensor {
    guard task.isMulticlass, average != .none else { return super.combined(counts) }
    // A class that is ignored as a target may still be predicted, which does not count.
    let kept = counts.indices.filter { $0 != options.ignoreIndex }.map { counts[$0] }
    switch average {
    case .micro: return Tensor(Float(score(kept.reduce(Counts(), +))))
    case .weighted: return weightedMean(counts.map { (score($0), Double($0.support)) })
    default: return weightedMean(kept.map { (score($0), isPresent($0) ? 1 : 0) })
    }
  }

  /// NaN if nothing has a weight, as in torchmetrics.
  private func weightedMean(_ values: [(Double, Double)]) -> Tensor {
    let sum = values.reduce(0) { $0 + $1.1 }
    return Tensor(Float(values.reduce(0) { $0 + $1.0 * $1.1 / sum }))
  }
}

/// ``JaccardIndex`` of one batch.
public func jaccardIndex(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, threshold: Double = 0.5,
  ignoreIndex: Int? = nil, zeroDivision: Double = 0
) -> Tensor {
  JaccardIndex(task, threshold: threshold, ignoreIndex: ignoreIndex, zeroDivision: zeroDivision)
    .evaluate(predictions, targets)
}

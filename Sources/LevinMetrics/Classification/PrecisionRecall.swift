public import LevinTensor

/// The fraction of the predictions of a class that are correct (torchmetrics' `Precision`).
public final class Precision: CountingMetric {
  public override var higherIsBetter: Bool? { true }

  public override func score(_ counts: Counts) -> Double {
    ratio(counts.truePositives, counts.truePositives + counts.falsePositives)
  }
  override func isPresent(_ counts: Counts) -> Bool {
    options.topK == 1 ? super.isPresent(counts) : counts.support > 0
  }
}

/// The fraction of the targets of a class that are found (torchmetrics' `Recall`).
public final class Recall: CountingMetric {
  public override var higherIsBetter: Bool? { true }

  public override func score(_ counts: Counts) -> Double {
    ratio(counts.truePositives, counts.support)
  }
  override func isPresent(_ counts: Counts) -> Bool {
    options.topK == 1 ? super.isPresent(counts) : counts.support > 0
  }
}

/// The fraction of all other samples that are not predicted as the class (torchmetrics' `Specificity`).
public final class Specificity: CountingMetric {
  public override func score(_ counts: Counts) -> Double {
    ratio(counts.trueNegatives, counts.trueNegatives + counts.falsePositives)
  }
}

/// The fraction of wrong decisions: 1 − accuracy (torchmetrics' `HammingDistance`).
public final class HammingDistance: CountingMetric {
  public override var higherIsBetter: Bool? { false }

  public override func score(_ counts: Counts) -> Double {
    guard !task.isMulticlass else { return 1 - ratio(counts.truePositives, counts.support) }
    let right = counts.truePositives + counts.trueNegatives
    return 1 - ratio(right, right + counts.falsePositives + counts.falseNegatives)
  }
}

/// ``Precision`` of one batch.
public func precision(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, threshold: Double = 0.5,
  topK: Int = 1, ignoreIndex: Int? = nil, zeroDivision: Double = 0,
  multidimAverage: MultidimAverage = .global
) -> Tensor {
  Precision(
    task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex, zeroDivision: zeroDivision,
    multidimAverage: multidimAverage
  ).evaluate(predictions, targets)
}

/// ``Recall`` of one batch.
public func recall(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, threshold: Double = 0.5,
  topK: Int = 1, ignoreIndex: Int? = nil, zeroDivision: Double = 0,
  multidimAverage: MultidimAverage = .global
) -> Tensor {
  Recall(
    task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex, zeroDivision: zeroDivision,
    multidimAverage: multidimAverage
  ).evaluate(predictions, targets)
}

/// ``Specificity`` of one batch.
public func specificity(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, threshold: Double = 0.5,
  topK: Int = 1, ignoreIndex: Int? = nil, multidimAverage: MultidimAverage = .global
) -> Tensor {
  Specificity(
    task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex,
    multidimAverage: multidimAverage
  ).evaluate(predictions, targets)
}

/// ``HammingDistance`` of one batch.
public func hammingDistance(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, threshold: Double = 0.5,
  topK: Int = 1, ignoreIndex: Int? = nil, multidimAverage: MultidimAverage = .global
) -> Tensor {
  HammingDistance(
    task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex,
    multidimAverage: multidimAverage
  ).evaluate(predictions, targets)
}

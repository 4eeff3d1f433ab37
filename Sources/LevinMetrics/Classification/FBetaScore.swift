public import LevinTensor

/// The weighted harmonic mean of precision and recall, in which recall counts β times as much (van Rijsbergen 1979;
/// torchmetrics' `FBetaScore`).
public class FBetaScore: CountingMetric {
  /// How many times as much as precision recall counts.
  public final let beta: Double

  /// Traps if an argument does not fit the task.
  public init(
    _ task: AveragedTask, beta: Double, threshold: Double = 0.5, topK: Int = 1,
    ignoreIndex: Int? = nil, zeroDivision: Double = 0
  ) {
    self.beta = beta
    super.init(
      task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex, zeroDivision: zeroDivision)
  }

  public override func score(_ counts: Counts) -> Double {
    let square = beta * beta
    let hits = (1 + square) * Double(counts.truePositives)
    return ratio(
      hits, hits + square * Double(counts.falseNegatives) + Double(counts.falsePositives))
  }
}

/// The harmonic mean of precision and recall (torchmetrics' `F1Score`).
public final class F1Score: FBetaScore {
  /// Traps if an argument does not fit the task.
  public init(
    _ task: AveragedTask, threshold: Double = 0.5, topK: Int = 1, ignoreIndex: Int? = nil,
    zeroDivision: Double = 0
  ) {
    super.init(
      task, beta: 1, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex,
      zeroDivision: zeroDivision)
  }
}

/// ``F1Score`` of one batch.
public func f1Score(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, threshold: Double = 0.5,
  topK: Int = 1, ignoreIndex: Int? = nil, zeroDivision: Double = 0
) -> Tensor {
  F1Score(
    task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex, zeroDivision: zeroDivision
  ).evaluate(predictions, targets)
}

/// ``FBetaScore`` of one batch.
public func fBetaScore(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, beta: Double,
  threshold: Double = 0.5, topK: Int = 1, ignoreIndex: Int? = nil, zeroDivision: Double = 0
) -> Tensor {
  FBetaScore(
    task, beta: beta, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex,
    zeroDivision: zeroDivision
  ).evaluate(predictions, targets)
}

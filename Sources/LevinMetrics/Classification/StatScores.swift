internal import LevinSystem
public import LevinTensor

/// True positives, false positives, true negatives, false negatives, and the number of targets (torchmetrics' `StatScores`).
///
/// The value is `[5]`, or `[classes, 5]` without an average; it is int64, but float32 for a macro or weighted average.
public final class StatScores: CountingMetric {
  /// Traps, because the value is not one number.
  public override func score(_ counts: Counts) -> Double {
    fail("StatScores", "the average samples", expected: "micro, macro, weighted or none")
  }

  override func combined(_ counts: [Counts]) -> Tensor {
    func row(_ counts: Counts) -> [Int] {
      [
        counts.truePositives, counts.falsePositives, counts.trueNegatives, counts.falseNegatives,
        counts.support,
      ]
    }
    switch average {
    case .micro: return Tensor(row(counts.reduce(Counts(), +)).map { Int64($0) })
    case .none:
      return Tensor(counts.flatMap { row($0).map { Int64($0) } }, shape: [counts.count, 5])
    default:
      let weights = counts.map { average == .macro ? 1 : Double($0.support) }
      let sum = weights.reduce(0, +)
      return Tensor(
        (0..<5).map { column in
          Float(zip(counts, weights).reduce(0) { $0 + Double(row($1.0)[column]) * $1.1 / sum })
        })
    }
  }
}

/// ``StatScores`` of one batch.
public func statScores(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, threshold: Double = 0.5,
  topK: Int = 1, ignoreIndex: Int? = nil, multidimAverage: MultidimAverage = .global
) -> Tensor {
  StatScores(
    task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex,
    multidimAverage: multidimAverage
  ).evaluate(predictions, targets)
}

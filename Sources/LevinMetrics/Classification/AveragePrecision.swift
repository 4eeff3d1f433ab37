internal import LevinSystem
public import LevinTensor

/// The mean precision, weighted by the increase of recall from threshold to threshold (torchmetrics'
/// `AveragePrecision`).
///
/// The value of a class that is never the target is NaN, and is left out of means with a warning that names the class;
/// for labels and binary tasks it is 0. There is no micro average of classes. The average over samples is
/// scikit-learn's, for which a row without targets counts as 0.
public final class AveragePrecision: CurveMetric {
  public override var higherIsBetter: Bool? { true }

  /// Traps if an option is out of range, or does not fit the task.
  public override init(_ options: Options) {
    do { try options.requireAverage() } catch { fail("AveragePrecision", "\(error)") }
    super.init(options)
  }

  /// Traps if an argument is out of range, or does not fit the task.
  public convenience init(
    _ task: AveragedTask, thresholds: [Double]? = nil, normalization: Normalization = .automatic,
    ignoreIndex: Int? = nil
  ) {
    self.init(
      Options(
        task, thresholds: thresholds, normalization: normalization, ignoreIndex: ignoreIndex))
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let points = averagedPoints(states)
    return combined(averagePrecisions(of: points), points.map(\.positives))
  }
}

/// ``AveragePrecision`` of one batch.
public func averagePrecision(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, thresholds: [Double]? = nil,
  normalization: CurveMetric.Normalization = .automatic, ignoreIndex: Int? = nil
) -> Tensor {
  AveragePrecision(
    task, thresholds: thresholds, normalization: normalization, ignoreIndex: ignoreIndex
  ).evaluate(predictions, targets)
}

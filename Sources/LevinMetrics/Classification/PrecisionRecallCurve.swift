internal import LevinSystem
public import LevinTensor

/// Precision over recall at every threshold (torchmetrics' `PrecisionRecallCurve`).
///
/// ``curves`` has one curve for each class, or one for all with the average `micro` (all decisions count equally) or
/// `macro` (the mean recall of the classes at each precision); ``Metric/compute()`` returns the average precision of
/// each class, or of all decisions for `micro`.
public final class PrecisionRecallCurve: CurveMetric, PlottedMetric {
  /// Traps if an option is out of range.
  public override init(_ options: Options) {
    do { try options.requireCurveAverage() } catch { fail("PrecisionRecallCurve", "\(error)") }
    super.init(options)
  }

  /// The curves, from the lowest threshold: recalls along the horizontal axis, precisions along the vertical one, and
  /// (0, 1) at the end, which has no threshold.
  public var curves: [ThresholdCurve] {
    let curves = averagedPoints(states).enumerated().map { precisionRecall($1, owner: owner($0)) }
    guard options.average == .macro else { return curves }
    // torchmetrics averages recalls over precisions.
    let swapped = curves.map { ThresholdCurve(x: $0.y, y: $0.x, thresholds: $0.thresholds) }
    let mean = ThresholdCurve(meanOf: swapped, thresholds: <)
    return [ThresholdCurve(x: mean.y, y: mean.x, thresholds: mean.thresholds)]
  }

  /// Precisions over recalls, with the average precisions in the legend.
  public func plots(labels: [String]? = nil) -> [MetricPlot] {
    [
      plot(
        curves, scores: value(of: states), named: "AP", labels: labels, xLabel: "Recall",
        yLabel: "Precision")
    ]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    Tensor(averagePrecisions(of: averagedPoints(states)).map { Float($0) })
  }
}

extension CurveMetric {
  /// The mean precision of each class; at thresholds that no score reaches, precision counts as 0.
  func averagePrecisions(of points: [Points]) -> [Double] {
    points.enumerated().map { index, points in
      let curve = precisionRecall(points, owner: owner(index))
      func number(_ value: Double) -> Double { thresholds != nil && value.isNaN ? 0 : value }
      return curve.x.indices.dropLast().reduce(0) { sum, index in
        sum + (number(curve.x[index]) - number(curve.x[index + 1])) * number(curve.y[index])
      }
    }
  }

  /// Recalls and precisions of a class, from the lowest threshold.
  func precisionRecall(_ points: Points, owner: String) -> ThresholdCurve {
    let isExact = thresholds == nil
    // As in torchmetrics: recall is 1 if no target is positive; in a multiclass task only if all targets are class 0.
    let isUndefined =
      isExact && points.positives == 0 && (!task.isMulticlass || points.areTargetsZero)
    if isUndefined, options.average != .samples {
      MetricWarning.tell("\(owner): no positive targets, so recall is taken for 1")
    }
    let recalls = points.truePositives.map {
      isUndefined ? 1 : Double($0) / Double(points.positives)
    }
    let precisions = zip(points.truePositives, points.falsePositives).map {
      Double($0) / Double($0 + $1)
    }
    return ThresholdCurve(
      x: recalls.reversed() + [0], y: precisions.reversed() + [1],
      thresholds: points.thresholds.reversed())
  }
}

/// The curves of ``PrecisionRecallCurve`` of one batch.
public func precisionRecallCurve(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, average: Average? = nil,
  thresholds: [Double]? = nil, normalization: CurveMetric.Normalization = .automatic,
  ignoreIndex: Int? = nil
) -> [ThresholdCurve] {
  let metric = PrecisionRecallCurve(
    task, average: average, thresholds: thresholds, normalization: normalization,
    ignoreIndex: ignoreIndex)
  metric.update(predictions, targets)
  return metric.curves
}

internal import LevinSystem
public import LevinTensor

/// The true positive rate over the false positive rate at every threshold (torchmetrics' `ROC`).
///
/// ``curves`` has one curve for each class, or one for all with the average `micro` (all decisions count equally) or
/// `macro` (the mean of the classes' rates); ``Metric/compute()`` returns the areas under the curves.
public final class ROC: CurveMetric, PlottedMetric {
  /// Traps if an option is out of range.
  public override init(_ options: Options) {
    do { try options.requireCurveAverage() } catch { fail("ROC", "\(error)") }
    super.init(options)
  }

  /// The curves, from the highest threshold: false positive rates, true positive rates.
  public var curves: [ThresholdCurve] { curves(states) }

  public override func value(of states: [Tensor]) -> Tensor {
    Tensor(curves(states).map { Float($0.area) })
  }

  /// True positive rates over false positive rates, with the areas in the legend.
  public func plots(labels: [String]? = nil) -> [MetricPlot] {
    [
      plot(
        curves, scores: value(of: states), named: "AUC", labels: labels,
        xLabel: "False positive rate", yLabel: "True positive rate")
    ]
  }

  private func curves(_ states: [Tensor]) -> [ThresholdCurve] {
    let curves = averagedPoints(states).enumerated().map { curve($1, owner: owner($0)) }
    return options.average == .macro ? [ThresholdCurve(meanOf: curves, thresholds: >)] : curves
  }
}

extension CurveMetric {
  /// The ROC of a class, with a warning if there are no targets, or nothing but targets.
  func curve(_ points: Points, owner: String) -> ThresholdCurve {
    warnIfUndefined(targets: points.positives, others: points.negatives, owner: owner)
    func rates(_ counts: [Int], of total: Int) -> [Double] {
      counts.map { total == 0 ? 0 : Double($0) / Double(total) }
    }
    var curve = ThresholdCurve(
      x: rates(points.falsePositives, of: points.negatives),
      y: rates(points.truePositives, of: points.positives), thresholds: points.thresholds)
    if thresholds == nil {
      curve.x.insert(0, at: 0)
      curve.y.insert(0, at: 0)
      curve.thresholds.insert(1, at: 0)
    }
    return curve
  }

  func warnIfUndefined(targets: Int, others: Int, owner: String) {
    guard thresholds == nil else { return }
    if targets == 0 {
      MetricWarning.tell("\(owner): no positive targets, so the true positive rate is 0")
    }
    if others == 0 {
      MetricWarning.tell("\(owner): no negative targets, so the false positive rate is 0")
    }
  }
}

/// The curves of ``ROC`` of one batch.
public func roc(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, average: Average? = nil,
  thresholds: [Double]? = nil, normalization: CurveMetric.Normalization = .automatic,
  ignoreIndex: Int? = nil
) -> [ThresholdCurve] {
  let metric = ROC(
    task, average: average, thresholds: thresholds, normalization: normalization,
    ignoreIndex: ignoreIndex)
  metric.update(predictions, targets)
  return metric.curves
}

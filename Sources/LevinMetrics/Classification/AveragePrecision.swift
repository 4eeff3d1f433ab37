public import LevinTensor

/// Precision over recall at every threshold (torchmetrics' `PrecisionRecallCurve`).
///
/// ``curves`` has one curve for each class; ``Metric/compute()`` returns their average precisions.
public final class PrecisionRecallCurve: CurveMetric {
  /// The curve of each class, from the lowest threshold: recalls along the horizontal axis, precisions along the
  /// vertical one, and (0, 1) at the end, which has no threshold.
  public var curves: [ThresholdCurve] {
    points(states).enumerated().map { precisionRecall($1, owner: owner($0)) }
  }

  public override func value(of states: [Tensor]) -> Tensor {
    Tensor(averagePrecisions(of: points(states)).map { Float($0) })
  }
}

/// The mean precision, weighted by the increase of recall from threshold to threshold (torchmetrics'
/// `AveragePrecision`).
///
/// The value of a class that is never the target is NaN, and is left out of means with a warning that names the class;
/// for labels and binary tasks it is 0.
public final class AveragePrecision: CurveMetric {
  /// How the values of classes are combined.
  public let average: Average

  /// Traps if an argument does not fit the task; there is no micro average of classes.
  public init(_ task: AveragedTask, thresholds: [Double]? = nil, ignoreIndex: Int? = nil) {
    average = task.average
    CurveMetric.check(task, "AveragePrecision")
    super.init(task.task, thresholds: thresholds, ignoreIndex: ignoreIndex)
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let points = points(states, joined: average == .micro && task != .binary)
    let values = averagePrecisions(of: points)
    switch average {
    case .none: return Tensor(values.map { Float($0) })
    case .micro: return Tensor(Float(values[0]))
    default: return Tensor(Float(mean(values, average, positives: points.map(\.positives))))
    }
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
    if isUndefined {
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

/// ``AveragePrecision`` of one batch.
public func averagePrecision(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, thresholds: [Double]? = nil,
  ignoreIndex: Int? = nil
) -> Tensor {
  AveragePrecision(task, thresholds: thresholds, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

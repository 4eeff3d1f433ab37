public import LevinTensor

/// A curve of two rates over thresholds, for plotting.
public struct ThresholdCurve: Sendable, Equatable {
  /// The values along the horizontal axis.
  public var x: [Double]
  /// The values along the vertical axis.
  public var y: [Double]
  /// The threshold of each point.
  public var thresholds: [Double]
}

/// The true positive rate over the false positive rate at every threshold (torchmetrics' `ROC`).
///
/// ``curves`` has one curve for each class; ``Metric/compute()`` returns the areas under them.
public final class ROC: CurveMetric {
  /// The curve of each class, from the highest threshold: false positive rates, true positive rates.
  public var curves: [ThresholdCurve] { curves(states) }

  public override func value(of states: [Tensor]) -> Tensor {
    Tensor(curves(states).map { Float($0.area) })
  }

  private func curves(_ states: [Tensor]) -> [ThresholdCurve] {
    points(states).enumerated().map { index, points in curve(points, owner: owner(index)) }
  }
}

extension CurveMetric {
  /// The ROC of a class, with a warning if there are no targets, or nothing but targets.
  func curve(_ points: Points, owner: String) -> ThresholdCurve {
    if thresholds == nil {
      if points.positives == 0 {
        MetricWarning.tell("\(owner): no positive targets, so the true positive rate is 0")
      }
      if points.negatives == 0 {
        MetricWarning.tell("\(owner): no negative targets, so the false positive rate is 0")
      }
    }
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
}

extension ThresholdCurve {
  /// The area under the curve, by the trapezoidal rule.
  var area: Double {
    zip(x.indices, x.indices.dropFirst()).reduce(0) { sum, pair in
      sum + (x[pair.1] - x[pair.0]) * (y[pair.1] + y[pair.0]) / 2
    }
  }

  /// The area up to `limit` on the horizontal axis, scaled to 0.5 for random scores and 1 for perfect ones (McClish
  /// 1989).
  func area(upTo limit: Double) -> Double {
    guard limit < 1, x.contains(where: { $0 > 0 }), y.contains(where: { $0 > 0 }) else {
      return area
    }
    let stop = x.firstIndex { $0 > limit } ?? x.count - 1
    let weight = (limit - x[stop - 1]) / (x[stop] - x[stop - 1])
    let part = ThresholdCurve(
      x: x[..<stop] + [limit], y: y[..<stop] + [y[stop - 1] + weight * (y[stop] - y[stop - 1])],
      thresholds: [])
    let least = limit * limit / 2
    return 0.5 * (1 + (part.area - least) / (limit - least))
  }
}

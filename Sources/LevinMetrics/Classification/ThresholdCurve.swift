internal import LevinTensor

/// A curve of two rates over thresholds, for plotting.
public struct ThresholdCurve: Sendable, Equatable {
  /// The values along the horizontal axis.
  public var x: [Double]
  /// The values along the vertical axis.
  public var y: [Double]
  /// The threshold of each point.
  public var thresholds: [Double]
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

extension ThresholdCurve {
  /// The mean of curves at each x of any of them, as torchmetrics' macro average computes it; thresholds are in the order
  /// that `thresholds` states.
  init(meanOf curves: [ThresholdCurve], thresholds: (Double, Double) -> Bool) {
    // NaN comes last, as in PyTorch.
    x = curves.flatMap(\.x).sorted { $1.isNaN ? !$0.isNaN : $0 < $1 }
    y = [Double](repeating: 0, count: x.count)
    for curve in curves {
      let lines = Lines(curve)
      for index in x.indices { y[index] += lines.value(at: x[index]) / Double(curves.count) }
    }
    self.thresholds = curves.flatMap(\.thresholds).sorted(by: thresholds)
  }

  /// The lines between the points of a curve.
  private struct Lines {
    private let slopes: [Double]
    private let offsets: [Double]
    private let ascending: [Double]

    init(_ curve: ThresholdCurve) {
      let (x, y) = (curve.x, curve.y)
      slopes = x.indices.dropLast().map {
        x[$0 + 1] == x[$0] ? 0 : (y[$0 + 1] - y[$0]) / (x[$0 + 1] - x[$0])
      }
      offsets = zip(slopes.indices, slopes).map { y[$0] - $1 * x[$0] }
      ascending = x.filter { !$0.isNaN }.sorted()
    }

    func value(at x: Double) -> Double {
      guard !slopes.isEmpty else { return 0 }
      // The number of points that are not right of x.
      var (low, high) = (0, x.isNaN ? 0 : ascending.count)
      while low < high {
        let middle = (low + high) / 2
        if ascending[middle] <= x { low = middle + 1 } else { high = middle }
      }
      let line = min(max(low - 1, 0), slopes.count - 1)
      return slopes[line] * x + offsets[line]
    }
  }
}

extension CurveMetric {
  /// Curves as lines, with their scores in the legend if there is one for each.
  final func plot(
    _ curves: [ThresholdCurve], scores: Tensor, named score: String, labels: [String]?,
    xLabel: String, yLabel: String
  ) -> MetricPlot {
    let isSingle = task.count == 1 || options.average == .micro || options.average == .macro
    let names = isSingle ? [""] : MetricPlot.names(labels, count: curves.count, of: self)
    let scores = scores.scalars(as: Float.self)
    let lines = curves.indices.map { index in
      let number =
        scores.count == curves.count ? "\(score)=\(MetricPlot.rounded(scores[index]))" : ""
      let name = [names[index], number].filter { !$0.isEmpty }.joined(separator: " ")
      return MetricPlot.Line(name: name, x: curves[index].x, y: curves[index].y)
    }
    return MetricPlot(
      content: .lines(lines), title: name, xLabel: xLabel, yLabel: yLabel)
  }
}

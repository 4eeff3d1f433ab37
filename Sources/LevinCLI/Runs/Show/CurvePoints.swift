internal import LevinTensorBoard

/// The points of a curve, scaled to a rectangle of whole dots.
struct CurvePoints {
  private let series: ScalarSeries
  let firstStep: Int
  let lastStep: Int
  /// The least and greatest finite value; 0 and 0 if there is none.
  let bounds: (low: Double, high: Double)

  init(_ series: ScalarSeries) {
    self.series = series
    firstStep = series.steps.min() ?? 0
    lastStep = series.steps.max() ?? 0
    var low = Double.infinity
    var high = -Double.infinity
    for value in series.values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    bounds = low <= high ? (low, high) : (0, 0)
  }

  /// The horizontal position of a step from 0 to 1, without overflow for any steps.
  func x(_ step: Int) -> Double {
    let range = Double(lastStep) - Double(firstStep)
    return range > 0 ? (Double(step) - Double(firstStep)) / range : 0.5
  }

  /// The vertical position of a value, from 0 for the greatest to 1 for the least.
  func y(_ value: Double) -> Double {
    let range = bounds.high / 2 - bounds.low / 2
    return range > 0 ? (bounds.high / 2 - value / 2) / range : 0.5
  }

  /// Calls `line` for each segment of the curve; NaN leaves a gap.
  func draw(
    width: Int, height: Int, line: (_ from: (x: Int, y: Int), _ to: (x: Int, y: Int)) -> Void
  ) {
    var last: (x: Int, y: Int)?
    for (step, value) in zip(series.steps, series.values) {
      guard value.isFinite else {
        last = nil
        continue
      }
      let point = (
        x: Int((x(step) * Double(width - 1)).rounded()),
        y: Int((y(value) * Double(height - 1)).rounded())
      )
      line(last ?? point, point)
      last = point
    }
  }
}

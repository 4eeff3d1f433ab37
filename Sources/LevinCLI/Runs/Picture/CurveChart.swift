internal import LevinTensorBoard

/// Curves drawn into one picture, each in a panel with axes.
struct CurveChart {
  var title: String
  var curves: [(tag: String, series: ScalarSeries)]

  private static let panel = (width: 520, height: 300)
  private static let inner = (left: 78, right: 18, top: 44, bottom: 40)
  private static let ink: Raster.Color = (40, 44, 52)
  private static let faint: Raster.Color = (226, 229, 233)
  private static let gray: Raster.Color = (110, 116, 126)
  private static let blue: Raster.Color = (21, 101, 192)
  private static let orange: Raster.Color = (230, 81, 0)

  var image: PixelImage {
    let across = min(curves.count, curves.count <= 4 ? 2 : 3)
    let down = (curves.count + across - 1) / across
    let head = 44
    var raster = Raster(width: across * Self.panel.width, height: head + down * Self.panel.height)
    raster.text(title, 20, 32, size: 14, Self.ink, weight: 1.9)
    for (index, curve) in curves.enumerated() {
      draw(
        curve.tag, curve.series, into: &raster, left: index % across * Self.panel.width,
        top: head + index / across * Self.panel.height)
    }
    return raster.image
  }

  private func draw(
    _ tag: String, _ series: ScalarSeries, into raster: inout Raster, left: Int, top: Int
  ) {
    let points = CurvePoints(series)
    let x = (
      from: Double(left + Self.inner.left), to: Double(left + Self.panel.width - Self.inner.right)
    )
    let y = (
      from: Double(top + Self.inner.top), to: Double(top + Self.panel.height - Self.inner.bottom)
    )
    func place(_ step: Int, _ value: Double) -> (x: Double, y: Double) {
      (
        x.from + points.x(step) * (x.to - x.from),
        y.from + 6 + points.y(value) * (y.to - y.from - 12)
      )
    }
    drawAxes(points, into: &raster, x: x, y: y, place: place)
    raster.text(tag, x.from, y.from - 16, size: 10, Self.ink, weight: 1.5)
    if let metric = MetricSummary(tag, series) {
      var facts = NumberText.short(metric.final)
      if let best = metric.best, let step = metric.bestStep, step != metric.finalStep {
        facts += "  best " + NumberText.short(best) + " at \(step)"
      }
      let width = StrokeFont.width(facts, size: 8)
      raster.text(facts, x.to - width, y.from - 16, size: 8, Self.gray)
    }
    drawCurve(series, points, into: &raster, columns: x, place: place)
    if let metric = MetricSummary(tag, series), let best = metric.best, best.isFinite,
      let step = metric.bestStep
    {
      let dot = place(step, best)
      raster.line(dot, dot, width: 6, Self.orange)
    }
  }

  private func drawAxes(
    _ points: CurvePoints, into raster: inout Raster, x: (from: Double, to: Double),
    y: (from: Double, to: Double), place: (Int, Double) -> (x: Double, y: Double)
  ) {
    for value in AxisTicks.values(points.bounds.low, points.bounds.high, count: 5) {
      let height = place(points.firstStep, value).y.rounded() + 0.5
      raster.line((x.from, height), (x.to, height), width: 1, Self.faint)
      let label = NumberText.axis(value)
      raster.text(
        label, x.from - 8 - StrokeFont.width(label, size: 8), height + 4, size: 8, Self.gray)
    }
    let steps = AxisTicks.values(Double(points.firstStep), Double(points.lastStep), count: 5)
    for step in steps where step == step.rounded() {
      let column = place(Int(step), points.bounds.low).x.rounded() + 0.5
      raster.line((column, y.from), (column, y.to), width: 1, Self.faint)
      let label = NumberText.short(step)
      raster.text(
        label, column - StrokeFont.width(label, size: 8) / 2, y.to + 16, size: 8, Self.gray)
    }
    raster.line((x.from + 0.5, y.from), (x.from + 0.5, y.to + 0.5), width: 1, Self.gray)
    raster.line((x.from + 0.5, y.to + 0.5), (x.to, y.to + 0.5), width: 1, Self.gray)
  }

  /// Draws the curve; of many points in one column only the first, least, greatest and last are drawn, which looks
  /// the same.
  private func drawCurve(
    _ series: ScalarSeries, _ points: CurvePoints, into raster: inout Raster,
    columns: (from: Double, to: Double), place: (Int, Double) -> (x: Double, y: Double)
  ) {
    var pen: (x: Double, y: Double)?
    var column: [(x: Double, y: Double)] = []
    func flush() {
      guard let first = column.first, let last = column.last else { return }
      let low = column.max { $0.y < $1.y } ?? first
      let high = column.min { $0.y < $1.y } ?? first
      for point in [first, low, high, last] {
        raster.line(pen ?? point, point, width: 2, Self.blue)
        pen = point
      }
      column = []
    }
    for (step, value) in zip(series.steps, series.values) {
      guard value.isFinite else {
        flush()
        pen = nil
        continue
      }
      let point = place(step, value)
      if let first = column.first, Int(first.x * 2) != Int(point.x * 2) { flush() }
      column.append(point)
    }
    flush()
  }
}

internal import LevinTensorBoard

extension RunPage {
  /// The most curves that are drawn; more get a line each instead.
  static let drawnCurves = 1000
  /// The most curves in a picture; more would make it larger than 50 million pixels.
  static let chartedCurves = 300

  /// All curves in one picture.
  func chart() throws -> PixelImage {
    let curves = metrics.compactMap { metric in
      overview.run.scalars(metric.tag).map { (metric.tag, $0) }
    }
    guard !curves.isEmpty else { throw RunsError("\(overview.folder) has no curves to draw") }
    guard curves.count <= Self.chartedCurves else {
      throw RunsError(
        "\(overview.folder) has \(curves.count) curves; a picture holds up to \(Self.chartedCurves): "
          + "choose some with --metric TEXT")
    }
    return CurveChart(title: overview.name, curves: curves).image
  }

  /// As many curves side by side as fit, each `rows` high; then other metrics, one line each.
  func curves(_ page: Page, rows: Int = CurvePlot.defaultRows) -> [String] {
    let (plots, others) = plotted(rows)
    guard plots.count <= Self.drawnCurves else {
      return list(metrics, page) + [
        "",
        page.paint(
          "\(plots.count) curves, one line each; up to \(Self.drawnCurves) are drawn (--metric TEXT chooses some).",
          .dim),
      ]
    }
    let available = page.width ?? 80
    let gap = 3
    let across = max(1, min(3, (available + gap) / (38 + gap)))
    let width = min(76, (available - gap * (across - 1)) / across)
    var lines: [String] = []
    for start in stride(from: 0, to: plots.count, by: across) {
      let row = plots[start..<min(start + across, plots.count)]
      lines += [""] + beside(row.map { $0.lines(width: width, page) }, width: width, gap: gap)
    }
    return lines + list(others, page)
  }

  /// The metrics, one per line: the last value, and where the best one was.
  func list(_ metrics: [MetricSummary], _ page: Page) -> [String] {
    guard !metrics.isEmpty else { return [] }
    let names = metrics.map {
      shortened(printable($0.tag), to: page.width.map { max(8, $0 / 2) } ?? .max)
    }
    let width = names.map { displayWidth($0) }.max() ?? 0
    return [""]
      + zip(names, metrics).map { name, metric in
        var facts = NumberText.short(metric.final) + "  step \(metric.finalStep)"
        if !metric.hasNumbers, metric.count > 1 {
          facts += "  none of \(metric.count) values is a number"
        } else if let best = metric.best, let step = metric.bestStep, step != metric.finalStep {
          facts += "  best \(NumberText.short(best)) at \(step)"
        }
        let room = page.width.map { max(8, $0 - width - 2) } ?? .max
        return page.paint(padded(name, to: width), .bold) + "  " + shortened(facts, to: room)
      }
  }

  /// The metrics with finite values at several steps, as plots, and the others.
  private func plotted(_ rows: Int) -> (plots: [CurvePlot], others: [MetricSummary]) {
    var plots: [CurvePlot] = []
    var others: [MetricSummary] = []
    for metric in metrics {
      if metric.hasNumbers, let points = overview.run.scalars(metric.tag),
        points.steps.contains(where: { $0 != points.steps.first })
      {
        plots.append(CurvePlot(metric: metric, series: points, rows: rows))
      } else {
        others.append(metric)
      }
    }
    return (plots, others)
  }
}

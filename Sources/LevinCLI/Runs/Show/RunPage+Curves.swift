internal import LevinTensorBoard

extension RunPage {
  /// The curves side by side, as many as fit, each `rows` high; then other metrics, one line each.
  func curves(_ page: Page, rows: Int = CurvePlot.defaultRows) -> [String] {
    let plots = plottable.compactMap { metric in
      overview.run.scalars(metric.tag).map {
        CurvePlot(title: metric.tag, series: $0, rows: rows)
      }
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
    let drawn = Set(plottable.map(\.tag))
    return lines + list(overview.metrics.filter { !drawn.contains($0.tag) }, page)
  }

  /// Metrics a line each: the last value, and where it was best.
  func list(_ metrics: [MetricSummary], _ page: Page) -> [String] {
    guard !metrics.isEmpty else { return [] }
    let names = metrics.map {
      shortened(printable($0.tag), to: page.width.map { max(8, $0 / 2) } ?? .max)
    }
    let width = names.map { displayWidth($0) }.max() ?? 0
    return [""]
      + zip(names, metrics).map { name, metric in
        var facts = NumberText.short(metric.final) + "  step \(metric.finalStep)"
        if metric.best == nil, metric.count > 1 {
          facts += "  none of \(metric.count) values is a number"
        } else if let best = metric.best, let step = metric.bestStep, step != metric.finalStep {
          facts += "  best \(NumberText.short(best)) at \(step)"
        }
        let room = page.width.map { max(8, $0 - width - 2) } ?? .max
        return page.paint(padded(name, to: width), .bold) + "  " + shortened(facts, to: room)
      }
  }

  /// Metrics with values at several steps.
  private var plottable: [MetricSummary] {
    overview.metrics.filter { metric in
      guard metric.best != nil, let series = overview.run.scalars(metric.tag) else { return false }
      return series.steps.contains { $0 != series.steps.first }
    }
  }
}

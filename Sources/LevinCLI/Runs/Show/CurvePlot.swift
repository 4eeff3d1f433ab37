internal import LevinTensorBoard

/// A curve drawn in a few lines of text, with its extremes on the left and its steps below.
struct CurvePlot {
  var metric: MetricSummary
  var series: ScalarSeries
  /// The lines of the curve itself, at least 3; the name and the steps take one more each.
  var rows = Self.defaultRows
  static let defaultRows = 7

  /// Lines of exactly `width` columns.
  func lines(width: Int, _ page: Page) -> [String] {
    let points = CurvePoints(series)
    let bounds = points.bounds
    let labels = [bounds.high, (bounds.high + bounds.low) / 2, bounds.low].map(NumberText.axis)
    let labelWidth = labels.map { displayWidth($0) }.max() ?? 0
    let columns = max(8, width - labelWidth - 2)
    var canvas = BrailleCanvas(columns: columns, rows: rows)
    points.draw(width: canvas.width, height: canvas.height) { from, to in
      canvas.line(from: from, to: to)
    }
    var lines = [titleLine(width, page)]
    for (row, dots) in canvas.lines.enumerated() {
      let label =
        switch row {
        case 0: labels[0]
        case rows / 2 where bounds.high > bounds.low: labels[1]
        case rows - 1 where bounds.high > bounds.low: labels[2]
        default: ""
        }
      lines.append(
        page.paint(padded(label, to: labelWidth, isRight: true), .dim) + page.paint(" ┤", .dim)
          + page.paint(dots, .cyan))
    }
    lines.append(
      String(repeating: " ", count: labelWidth + 2)
        + page.paint(stepLine(points, columns), .dim))
    return lines
  }

  /// The line with the name and the final value.
  private func titleLine(_ width: Int, _ page: Page) -> String {
    let final = NumberText.short(metric.final)
    let name = shortened(printable(metric.tag), to: max(8, width - displayWidth(final) - 2))
    let gap = max(1, width - displayWidth(name) - displayWidth(final))
    return page.paint(name, .bold) + String(repeating: " ", count: gap) + final
  }

  /// The line with the first and the last step and, if there is room, the best value between them.
  private func stepLine(_ points: CurvePoints, _ width: Int) -> String {
    let first = String(points.firstStep)
    guard points.lastStep != points.firstStep else {
      return padded(
        String(repeating: " ", count: max(0, (width - first.count) / 2)) + first, to: width)
    }
    let last = String(points.lastStep)
    var best = ""
    if let value = metric.best, let step = metric.bestStep, step != metric.finalStep {
      best = "best \(NumberText.short(value)) at \(step)"
    }
    let free = width - first.count - last.count - displayWidth(best)
    if free < 4 { best = "" }
    let gap = max(1, width - first.count - last.count - displayWidth(best))
    let left = best.isEmpty ? 0 : gap / 2
    return first + String(repeating: " ", count: left) + best
      + String(repeating: " ", count: gap - left) + last
  }
}

extension NumberText {
  /// A value on an axis, with three significant digits.
  static func axis(_ value: Double) -> String {
    let text = short(value)
    guard text.utf8.count > 6, value.isFinite else { return text }
    return significant(value, 3)
  }
}

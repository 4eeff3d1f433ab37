internal import Foundation
internal import LevinTensorBoard

/// A curve drawn into a few lines of text, with its extremes at the left and its steps below.
struct CurvePlot {
  var title: String
  var series: ScalarSeries
  static let rows = 6

  /// Lines of exactly `width` columns.
  func lines(width: Int, _ page: Page) -> [String] {
    let metric = MetricSummary(title, series)
    let points = CurvePoints(series)
    let bounds = points.bounds
    let labels = [bounds.high, (bounds.high + bounds.low) / 2, bounds.low].map(NumberText.axis)
    let labelWidth = labels.map { displayWidth($0) }.max() ?? 0
    let columns = max(8, width - labelWidth - 2)
    var canvas = BrailleCanvas(columns: columns, rows: Self.rows)
    points.draw(width: canvas.width, height: canvas.height) { from, to in
      canvas.line(from: from, to: to)
    }
    var lines = [titleLine(metric, width, page)]
    for (row, dots) in canvas.lines.enumerated() {
      let label =
        switch row {
        case 0: labels[0]
        case Self.rows / 2 where bounds.high > bounds.low: labels[1]
        case Self.rows - 1 where bounds.high > bounds.low: labels[2]
        default: ""
        }
      lines.append(
        page.paint(padded(label, to: labelWidth, isRight: true), .dim) + page.paint(" ┤", .dim)
          + page.paint(dots, .cyan))
    }
    let first = String(points.firstStep)
    let last = points.lastStep == points.firstStep ? "" : String(points.lastStep)
    let gap = max(1, columns - first.count - last.count)
    lines.append(
      String(repeating: " ", count: labelWidth + 2)
        + page.paint(first + String(repeating: " ", count: gap) + last, .dim))
    return lines
  }

  private func titleLine(_ metric: MetricSummary?, _ width: Int, _ page: Page) -> String {
    var facts = ""
    if let metric {
      facts = NumberText.short(metric.final)
      if let best = metric.best, let step = metric.bestStep, step != metric.finalStep {
        facts += "  best \(NumberText.short(best)) at \(step)"
      }
    }
    let name = shortened(printable(title), to: max(8, width - displayWidth(facts) - 2))
    let gap = max(1, width - displayWidth(name) - displayWidth(facts))
    return page.paint(name, .bold) + String(repeating: " ", count: gap) + facts
  }
}

extension NumberText {
  /// A value at an axis: three significant digits.
  static func axis(_ value: Double) -> String {
    let text = short(value)
    guard text.utf8.count > 6, value.isFinite else { return text }
    return String(format: "%.3g", value)
  }
}

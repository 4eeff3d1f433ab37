extension FigurePainter {
  /// Draws lines or points between two numeric axes.
  mutating func drawPoints(_ series: [Figure.Series], joined: Bool) {
    let points = series.map { zip($0.x, $0.y).map { ($0, $1) } }
    let shown = points.joined().filter { $0.0.isFinite && $0.1.isFinite }
    let (columns, rows) = (FigureAxis(shown.map(\.0)), FigureAxis(shown.map(\.1)))
    let heights = rows.ticks(6)
    makeRoom(rows: heights.map(Self.label), below: labelSize)
    let place = { [left, right, top, bottom] (x: Double, y: Double) in
      (x: columns.place(x, from: left, to: right), y: rows.place(y, from: bottom, to: top))
    }
    drawTicks(heights, of: rows)
    for value in ticks(of: columns) {
      let column = place(value, rows.low).x.rounded() + 0.5
      raster.line((column, top), (column, bottom), width: scale, Self.faint)
      centered(
        Self.label(value), column, bottom + labelSize + 5 * scale, size: labelSize, Self.gray)
    }
    drawFrame()
    for (index, points) in points.enumerated() {
      let color = Self.colors[index % Self.colors.count]
      var pen: (x: Double, y: Double)?
      for (a, b) in points {
        guard a.isFinite, b.isFinite else {
          pen = nil
          continue
        }
        let point = place(a, b)
        raster.line(joined ? pen ?? point : point, point, width: (joined ? 1.6 : 4) * scale, color)
        pen = point
      }
    }
  }

  /// As many ticks as fit with their labels.
  private func ticks(of axis: FigureAxis) -> [Double] {
    let choices = stride(from: 6, through: 1, by: -1).lazy.map { axis.ticks($0) }
    return choices.first { values in
      let widths = values.map { StrokeFont.width(Self.label($0), size: labelSize) + 6 * scale }
      return widths.reduce(0, +) <= right - left
    } ?? []
  }

  /// Draws horizontal lines with their values.
  mutating func drawTicks(_ values: [Double], of axis: FigureAxis) {
    for value in values {
      let height = axis.place(value, from: bottom, to: top).rounded() + 0.5
      raster.line((left, height), (right, height), width: scale, Self.faint)
      drawRowLabel(Self.label(value), at: height)
    }
  }

  /// Draws a label to the left of the plot, centred at a height.
  mutating func drawRowLabel(_ label: String, at height: Double) {
    let size = fitting(labelSize, [label], within: left - 6 * scale)
    let start = left - 4 * scale - StrokeFont.width(label, size: size)
    text(label, start, height + size / 2, size: size, Self.gray)
  }

  /// Draws the two axes.
  mutating func drawFrame() {
    raster.line((left, top), (left, bottom), width: scale, Self.gray)
    raster.line((left, bottom), (right, bottom), width: scale, Self.gray)
  }
}

/// The range of an axis: that of its values, with a margin.
struct FigureAxis {
  let low: Double
  let high: Double

  init(_ values: [Double]) {
    let least = values.min() ?? 0
    let most = values.max() ?? 1
    // Halves, so that a very large range does not overflow.
    let room = most > least ? (most / 2 - least / 2) * 0.1 : max(abs(least) * 0.1, 0.5)
    (low, high) = (max(least - room, -1e300), min(most + room, 1e300))
  }

  func ticks(_ count: Int) -> [Double] { AxisTicks.values(low, high, count: count) }

  func place(_ value: Double, from: Double, to: Double) -> Double {
    from + (value - low) / (high - low) * (to - from)
  }
}

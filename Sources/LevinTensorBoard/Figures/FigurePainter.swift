import Foundation

/// Draws a figure: frame, ticks and labels, then what it shows.
struct FigurePainter {
  private let figure: Figure
  var raster: Raster
  private let left: Double
  private let right: Double
  private let top = 56.0
  private let bottom: Double
  private static let ink: Raster.Color = (40, 44, 52)
  private static let faint: Raster.Color = (226, 229, 233)
  private static let gray: Raster.Color = (90, 96, 106)
  /// Okabe and Ito's colours, which people of all kinds of sight tell apart.
  private static let colors: [Raster.Color] = [
    (0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0), (86, 180, 233),
  ]

  init(_ figure: Figure) {
    self.figure = figure
    raster = Raster(width: figure.size.width, height: figure.size.height)
    var margin = 72.0
    if case .heatmap(_, let rows, _) = figure.content {
      margin = max(margin, 20 + (rows.map { StrokeFont.width($0, size: 8) }.max() ?? 0))
    }
    left = min(margin, Double(figure.size.width) / 2)
    right = Double(figure.size.width) - 20
    bottom = Double(figure.size.height) - 52
  }

  mutating func draw() {
    centered(figure.title, (left + right) / 2, 26, size: 12, Self.ink)
    raster.text(figure.yLabel, 12, 46, size: 9, Self.gray)
    centered(figure.xLabel, (left + right) / 2, bottom + 40, size: 9, Self.gray)
    switch figure.content {
    case .lines(let series): drawPoints(series, joined: true)
    case .scatter(let series): drawPoints(series, joined: false)
    case .bars(let labels, let values): drawBars(labels, values)
    case .heatmap(let values, let rows, let columns): drawMatrix(values, rows, columns)
    }
  }

  private mutating func drawPoints(_ series: [Figure.Series], joined: Bool) {
    let points = series.map { zip($0.x, $0.y).map { ($0, $1) } }
    let shown = points.joined().filter { $0.0.isFinite && $0.1.isFinite }
    let x = Axis(shown.map(\.0), from: left, to: right)
    let y = Axis(shown.map(\.1), from: bottom, to: top)
    drawTicks(x: x, y: y)
    for (index, points) in points.enumerated() {
      let color = Self.colors[index % Self.colors.count]
      var pen: (x: Double, y: Double)?
      for (a, b) in points {
        guard a.isFinite, b.isFinite else {
          pen = nil
          continue
        }
        let place = (x: x.place(a), y: y.place(b))
        if joined {
          raster.line(pen ?? place, place, width: 2, color)
          pen = place
        } else {
          raster.line(place, place, width: 5, color)
        }
      }
    }
    drawLegend(series.map(\.name))
  }

  private mutating func drawBars(_ labels: [String], _ values: [Double]) {
    let y = Axis(values.filter(\.isFinite) + [0], from: bottom, to: top)
    drawTicks(x: nil, y: y)
    let width = (right - left) / Double(max(1, values.count))
    let ground = y.place(0)
    for (index, value) in values.enumerated() {
      let start = left + Double(index) * width
      if value.isFinite {
        let end = max(top, min(bottom, y.place(value)))
        let (high, low) = (min(ground, end), max(ground, end))
        raster.fill(
          Int(start + width * 0.15)..<Int((start + width * 0.85).rounded(.up)),
          Int(high)..<Int(low.rounded(.up)), Self.colors[0])
      }
      centered(labels[index], start + width / 2, bottom + 18, size: 8, Self.gray)
    }
    raster.line((left, ground), (right, ground), width: 1, Self.gray)
  }

  private mutating func drawMatrix(_ values: [[Double]], _ rows: [String], _ columns: [String]) {
    let finite = values.joined().filter(\.isFinite)
    let low = finite.min() ?? 0
    let high = finite.max() ?? 0
    let width = (right - left) / Double(max(1, columns.count))
    let height = (bottom - top) / Double(max(1, rows.count))
    for (r, row) in values.enumerated() {
      let y = top + Double(r) * height
      for (c, value) in row.enumerated() {
        let x = left + Double(c) * width
        let share = high > low && value.isFinite ? value / (high - low) - low / (high - low) : 0
        raster.fill(Int(x)..<Int(x + width), Int(y)..<Int(y + height), Self.shade(share))
        let color: Raster.Color = share > 0.55 ? (255, 255, 255) : Self.ink
        centered(Self.label(value), x + width / 2, y + height / 2 + 4, size: 8, color)
      }
      let label = rows[r]
      raster.text(
        label, left - 8 - StrokeFont.width(label, size: 8), y + height / 2 + 4, size: 8, Self.gray)
    }
    for (c, label) in columns.enumerated() {
      centered(label, left + (Double(c) + 0.5) * width, bottom + 18, size: 8, Self.gray)
    }
  }

  private mutating func drawTicks(x: Axis?, y: Axis) {
    for value in y.ticks {
      let height = y.place(value).rounded() + 0.5
      raster.line((left, height), (right, height), width: 1, Self.faint)
      let label = Self.label(value)
      raster.text(
        label, left - 8 - StrokeFont.width(label, size: 8), height + 4, size: 8, Self.gray)
    }
    for value in x?.ticks ?? [] {
      let column = (x?.place(value) ?? 0).rounded() + 0.5
      raster.line((column, top), (column, bottom), width: 1, Self.faint)
      centered(Self.label(value), column, bottom + 18, size: 8, Self.gray)
    }
    raster.line((left + 0.5, top), (left + 0.5, bottom), width: 1, Self.gray)
    raster.line((left, bottom + 0.5), (right, bottom + 0.5), width: 1, Self.gray)
  }

  private mutating func drawLegend(_ names: [String]) {
    var pen = right
    for (index, name) in names.enumerated().reversed() where !name.isEmpty {
      pen -= StrokeFont.width(name, size: 8)
      raster.text(name, pen, 46, size: 8, Self.ink)
      raster.line(
        (pen - 20, 42), (pen - 8, 42), width: 3, Self.colors[index % Self.colors.count])
      pen -= 36
    }
  }

  private mutating func centered(
    _ text: String, _ x: Double, _ y: Double, size: Double, _ color: Raster.Color
  ) {
    raster.text(text, x - StrokeFont.width(text, size: size) / 2, y, size: size, color)
  }

  /// From white to dark blue.
  private static func shade(_ share: Double) -> Raster.Color {
    func mix(_ from: Double, _ to: Double) -> UInt8 { UInt8(from + (to - from) * share) }
    return (mix(247, 8), mix(251, 48), mix(255, 107))
  }

  private static func label(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    return String(format: "%.4g", value == 0 ? 0 : value)
  }
}

/// Places of values between two edges of a figure, with some room around them.
private struct Axis {
  let low: Double
  let high: Double
  let from: Double
  let to: Double

  init(_ values: [Double], from: Double, to: Double) {
    let least = values.min() ?? 0
    let most = values.max() ?? 1
    // Halves, so that a range beyond the largest number does not overflow.
    let room = most > least ? (most / 2 - least / 2) * 0.1 : max(abs(least) * 0.1, 0.5)
    (low, high) = (max(least - room, -1e300), min(most + room, 1e300))
    (self.from, self.to) = (from, to)
  }

  var ticks: [Double] { AxisTicks.values(low, high, count: 6) }

  func place(_ value: Double) -> Double { from + (value - low) / (high - low) * (to - from) }
}

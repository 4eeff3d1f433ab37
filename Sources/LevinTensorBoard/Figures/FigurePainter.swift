import Foundation

/// Draws a figure: title and legend, frame, ticks and labels, then the content.
///
/// Sizes are those that a viewer sees: TensorBoard's Images tab shows a picture at most 350 pixels wide, so the texts
/// and strokes of a larger figure are scaled up.
struct FigurePainter {
  private let figure: Figure
  var raster: Raster
  /// Pixels of the figure per pixel on the screen.
  let scale: Double
  /// The edges of the plot, without its labels.
  var left = 0.0
  let right: Double
  let top: Double
  var bottom = 0.0
  /// The height below the plot for the labels of columns.
  var labelRoom = 0.0

  static let ink: Raster.Color = (40, 44, 52)
  static let faint: Raster.Color = (226, 229, 233)
  static let gray: Raster.Color = (70, 76, 86)
  /// The colours of Okabe and Ito, which colour-blind people can tell apart.
  static let colors: [Raster.Color] = [
    (0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0), (86, 180, 233),
  ]

  /// Heights of capital letters.
  private var titleSize: Double { 10 * scale }
  var labelSize: Double { 8 * scale }

  init(_ figure: Figure) {
    self.figure = figure
    let (width, height) = (Double(figure.size.width), Double(figure.size.height))
    raster = Raster(width: figure.size.width, height: figure.size.height)
    scale = max(1, min(width / 350, height / 180))
    right = width - 8 * scale
    let hasHead = !figure.yLabel.isEmpty || figure.seriesNames.contains { !$0.isEmpty }
    top = (hasHead ? 41 : 24) * scale
  }

  mutating func draw() {
    switch figure.content {
    case .lines(let series): drawPoints(series, joined: true)
    case .scatter(let series): drawPoints(series, joined: false)
    case .bars(let labels, let values): drawBars(labels, values)
    case .heatmap(let values, let rows, let columns): drawMatrix(values, rows, columns)
    }
    let width = Double(figure.size.width)
    let size = fitting(titleSize, [figure.title], within: width - 8 * scale)
    centered(figure.title, width / 2, 16 * scale, size: size, Self.ink)
    text(figure.yLabel, 6 * scale, 31 * scale, size: labelSize, Self.gray)
    centered(
      figure.xLabel, (left + right) / 2, Double(figure.size.height) - 7 * scale, size: labelSize,
      Self.gray)
    drawLegend()
  }

  /// Makes room for the labels to the left of the plot and below it.
  ///
  /// - Parameters:
  ///   - rows: The labels on the left.
  ///   - height: The height of the labels below the plot.
  mutating func makeRoom(rows: [String], below height: Double) {
    let widest = rows.map { StrokeFont.width($0, size: labelSize) }.max() ?? 0
    left = min(8 * scale + widest, Double(figure.size.width) / 2)
    let label = figure.xLabel.isEmpty ? 6 * scale : 20 * scale
    labelRoom = min(height + 6 * scale, Double(figure.size.height) / 3)
    bottom = Double(figure.size.height) - label - labelRoom
  }

  private mutating func drawLegend() {
    let names = figure.seriesNames.enumerated().filter { !$0.element.isEmpty }
    let start = StrokeFont.width(figure.yLabel, size: labelSize) + 12 * scale
    let lines = Double(names.count) * 24 * scale
    let size = fitting(labelSize, [names.map(\.element).joined()], within: right - start - lines)
    var pen = right
    for (index, name) in names.reversed() {
      pen -= StrokeFont.width(name, size: size)
      text(name, pen, 31 * scale, size: size, Self.ink)
      let height = 31 * scale - size / 2
      raster.line(
        (pen - 14 * scale, height), (pen - 5 * scale, height), width: 2.5 * scale,
        Self.colors[index % Self.colors.count])
      pen -= 24 * scale
    }
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double, _ color: Raster.Color,
    upwards: Bool = false
  ) {
    raster.text(text, x, y, size: size, color, weight: max(1, size * 0.165), upwards: upwards)
  }

  mutating func centered(
    _ text: String, _ x: Double, _ y: Double, size: Double, _ color: Raster.Color
  ) {
    self.text(text, x - StrokeFont.width(text, size: size) / 2, y, size: size, color)
  }

  /// `size`, or less so that no text is wider than `room`.
  func fitting(_ size: Double, _ texts: [String], within room: Double) -> Double {
    let widest = texts.map { StrokeFont.width($0, size: size) }.max() ?? 0
    return widest > room ? size * max(0, room) / widest : size
  }

  static func label(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    return String(format: "%.4g", value == 0 ? 0 : value)
  }
}

extension Figure {
  /// Names of the series for the legend.
  fileprivate var seriesNames: [String] {
    switch content {
    case .lines(let series), .scatter(let series): series.map(\.name)
    case .bars, .heatmap: []
    }
  }
}

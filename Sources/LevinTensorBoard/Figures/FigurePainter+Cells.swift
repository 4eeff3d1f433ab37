/// Figures with a name for each column.
extension FigurePainter {
  mutating func drawBars(_ labels: [String], _ values: [Double]) {
    let axis = FigureAxis(values.filter(\.isFinite) + [0])
    let heights = axis.ticks(6)
    let width = makeRoom(rows: heights.map(Self.label), columns: labels)
    drawTicks(heights, of: axis)
    let ground = axis.place(0, from: bottom, to: top)
    for (index, value) in values.enumerated() where value.isFinite {
      let start = left + Double(index) * width
      let end = max(top, min(bottom, axis.place(value, from: bottom, to: top)))
      raster.fill(
        Int(start + width * 0.15)..<Int((start + width * 0.85).rounded(.up)),
        Int(min(ground, end))..<Int(max(ground, end).rounded(.up)), Self.colors[0])
    }
    raster.line((left, ground), (right, ground), width: scale, Self.gray)
    drawColumnLabels(labels, width)
  }

  mutating func drawMatrix(_ values: [[Double]], _ rows: [String], _ columns: [String]) {
    let finite = values.joined().filter(\.isFinite)
    let low = finite.min() ?? 0
    let high = finite.max() ?? 0
    let width = makeRoom(rows: rows, columns: columns)
    let height = (bottom - top) / Double(max(1, rows.count))
    let size = min(
      fitting(labelSize, values.joined().map(Self.label), within: width - 2 * scale), height * 0.7)
    for (r, row) in values.enumerated() {
      let y = top + Double(r) * height
      for (c, value) in row.enumerated() {
        let x = left + Double(c) * width
        let share = high > low && value.isFinite ? value / (high - low) - low / (high - low) : 0
        raster.fill(Int(x)..<Int(x + width), Int(y)..<Int(y + height), Self.shade(share))
        let color: Raster.Color = share > 0.55 ? (255, 255, 255) : Self.ink
        centered(Self.label(value), x + width / 2, y + (height + size) / 2, size: size, color)
      }
      drawRowLabel(rows[r], at: y + height / 2)
    }
    drawColumnLabels(columns, width)
  }

  /// Makes room for labels on the left and below; returns the width of a column.
  private mutating func makeRoom(rows: [String], columns: [String]) -> Double {
    makeRoom(rows: rows, below: labelSize)
    func width() -> Double { (right - left) / Double(max(1, columns.count)) }
    // Names that are wider than their columns are turned upright.
    if !fits(columns, width()) {
      makeRoom(
        rows: rows, below: columns.map { StrokeFont.width($0, size: labelSize) }.max() ?? 0)
    }
    return width()
  }

  private func fits(_ labels: [String], _ width: Double) -> Bool {
    labels.allSatisfy { StrokeFont.width($0, size: labelSize) <= width }
  }

  private mutating func drawColumnLabels(_ labels: [String], _ width: Double) {
    let start = bottom + 5 * scale
    if fits(labels, width) {
      for (index, label) in labels.enumerated() {
        let middle = left + (Double(index) + 0.5) * width
        centered(label, middle, start + labelSize, size: labelSize, Self.gray)
      }
      return
    }
    let size = min(fitting(labelSize, labels, within: labelRoom - 5 * scale), width * 0.8)
    for (index, label) in labels.enumerated() {
      let middle = left + (Double(index) + 0.5) * width
      let length = StrokeFont.width(label, size: size)
      text(label, middle + size / 2, start + length, size: size, Self.gray, upwards: true)
    }
  }

  /// A colour from white to dark blue.
  private static func shade(_ share: Double) -> Raster.Color {
    func mix(_ from: Double, _ to: Double) -> UInt8 { UInt8(from + (to - from) * share) }
    return (mix(247, 8), mix(251, 48), mix(255, 107))
  }
}

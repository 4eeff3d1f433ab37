internal import Foundation

/// An RGB picture to draw on with antialiased lines.
///
/// Coordinates are in pixels from the top left.
package struct Raster {
  package typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

  package let width: Int
  package let height: Int
  private var pixels: [UInt8]

  package init(width: Int, height: Int, background: Color = (255, 255, 255)) {
    self.width = width
    self.height = height
    pixels = (0..<width * height).flatMap { _ in
      [background.red, background.green, background.blue]
    }
  }

  package var image: PixelImage {
    PixelImage(width: width, height: height, channels: 3, pixels: pixels)
  }

  private mutating func blend(_ x: Int, _ y: Int, _ color: Color, _ coverage: Double) {
    guard (0..<width).contains(x), (0..<height).contains(y), coverage > 0 else { return }
    let place = (y * width + x) * 3
    for (channel, value) in [color.red, color.green, color.blue].enumerated() {
      let old = Double(pixels[place + channel])
      pixels[place + channel] = UInt8((old + (Double(value) - old) * min(1, coverage)).rounded())
    }
  }

  package mutating func fill(_ x: Range<Int>, _ y: Range<Int>, _ color: Color) {
    for row in y { for column in x { blend(column, row, color, 1) } }
  }

  /// Draws a line with round ends; a pixel's coverage depends on its distance from the line.
  package mutating func line(
    _ start: (x: Double, y: Double), _ end: (x: Double, y: Double), width: Double, _ color: Color
  ) {
    let radius = width / 2
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let lengthSquared = dx * dx + dy * dy
    guard start.x.isFinite, start.y.isFinite, lengthSquared.isFinite else { return }
    // Only the columns near the line are visited in each row: a steep line costs no more than a flat one.
    let top = clamp(min(start.y, end.y) - radius - 1, height)
    let bottom = clamp(max(start.y, end.y) + radius + 1, height)
    for y in top...max(top, bottom) {
      var left = min(start.x, end.x)
      var right = max(start.x, end.x)
      if abs(dy) > 1e-9 {
        let first = (Double(y) - 0.5 - radius - start.y) / dy
        let second = (Double(y) + 1.5 + radius - start.y) / dy
        let low = max(0, min(1, min(first, second)))
        let high = max(0, min(1, max(first, second)))
        (left, right) = (start.x + dx * low, start.x + dx * high)
        if left > right { swap(&left, &right) }
      }
      let from = clamp(left - radius - 1, self.width)
      for x in from...max(from, clamp(right + radius + 1, self.width)) {
        let (px, py) = (Double(x) + 0.5 - start.x, Double(y) + 0.5 - start.y)
        let along = lengthSquared > 0 ? max(0, min(1, (px * dx + py * dy) / lengthSquared)) : 0
        let distance = hypot(px - along * dx, py - along * dy)
        blend(x, y, color, radius + 0.5 - distance)
      }
    }
  }

  private func clamp(_ value: Double, _ limit: Int) -> Int {
    Int(max(0, min(Double(limit - 1), value.rounded(.down))))
  }

  /// Draws a text that begins at `x` with its baseline at `y`; `size` is the height of a capital letter.
  ///
  /// - Parameter upwards: Whether it is rotated to read upwards; it then begins at `y`, with its baseline at `x`.
  package mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double, _ color: Color, weight: Double = 1.2,
    upwards: Bool = false
  ) {
    let unit = size / StrokeFont.capHeight
    var pen = 0.0
    func place(_ point: StrokeFont.Point) -> (x: Double, y: Double) {
      let (along, above) = (pen + point.x * unit, point.y * unit)
      return upwards ? (x - above, y - along) : (x + along, y - above)
    }
    for character in text {
      let glyph = StrokeFont.glyph(character)
      for stroke in glyph.strokes {
        for (from, to) in zip(stroke, stroke.count > 1 ? Array(stroke.dropFirst()) : stroke) {
          line(place(from), place(to), width: weight, color)
        }
      }
      pen += glyph.advance * unit
    }
  }
}

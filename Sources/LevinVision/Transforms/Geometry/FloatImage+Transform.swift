internal import LevinSystem

extension FloatImage {
  /// The image under a map of places, as torchvision computes tensors: `grid_sample` with zeros outside, and then `fill`
  /// as far as a pixel comes from outside.
  ///
  /// - Parameter fill: One number or one for each channel.
  func transformed(
    _ operation: String, _ map: PixelMap, width newWidth: Int, height newHeight: Int,
    _ interpolation: Interpolation, fill: [Float]
  ) -> FloatImage {
    guard interpolation == .nearest || interpolation == .bilinear else {
      fail(
        operation, "\(interpolation.rawValue) interpolation of floats",
        expected: "nearest or bilinear")
    }
    let fill = fill.forEach(of: channels)
    let (area, newArea) = (width * height, newWidth * newHeight)
    var result = FloatImage(
      channels: channels, height: newHeight, width: newWidth,
      values: [Float](repeating: 0, count: channels * newArea))
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let place = map.place(x, y)
        let taps = taps(place.x - 0.5, place.y - 0.5, interpolation)
        let inside = taps.reduce(0) { $0 + $1.weight }
        for channel in 0..<channels {
          let sum = taps.reduce(0) { $0 + values[channel * area + $1.index] * $1.weight }
          result.values[channel * newArea + y * newWidth + x] =
            interpolation == .nearest
            ? (taps.isEmpty ? fill[channel] : sum) : sum * inside + (1 - inside) * fill[channel]
        }
      }
    }
    return result
  }

  /// The pixels of the image that a place between pixels is computed from, and their weights.
  private func taps(
    _ x: Double, _ y: Double, _ interpolation: Interpolation
  ) -> [(index: Int, weight: Float)] {
    // Places far outside, and those of a map without a meaning, have none.
    guard x > -1, y > -1, x < Double(width), y < Double(height) else { return [] }
    func tap(_ column: Int, _ row: Int, _ weight: Double) -> (index: Int, weight: Float)? {
      guard column >= 0, row >= 0, column < width, row < height else { return nil }
      return (row * width + column, Float(weight))
    }
    if interpolation == .nearest {
      let (column, row) = (x.rounded(.toNearestOrEven), y.rounded(.toNearestOrEven))
      return [tap(Int(column), Int(row), 1)].compactMap { $0 }
    }
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (dx, dy) = (x - left, y - top)
    let (column, row) = (Int(left), Int(top))
    return [
      tap(column, row, (1 - dx) * (1 - dy)), tap(column + 1, row, dx * (1 - dy)),
      tap(column, row + 1, (1 - dx) * dy), tap(column + 1, row + 1, dx * dy),
    ].compactMap { $0 }
  }

  /// The image turned counter-clockwise.
  func rotated(
    _ degrees: Double, _ interpolation: Interpolation, expand: Bool, fill: [Float]
  ) -> FloatImage {
    guard case .affine(let m) = Affine(angle: -degrees).map(height: height, width: width) else {
      return self
    }
    let (w, h) = (Double(width) / 2, Double(height) / 2)
    var (newWidth, newHeight) = (width, height)
    if expand {
      // Corners on the side of a pixel must not add one because of rounding errors.
      func whole(_ x: Double) -> Double { (Double(Float(x)) * 1e4).rounded(.towardZero) / 1e4 }
      func size(_ middle: Double, _ most: Double) -> Int {
        Int(whole(middle + most).rounded(.up) - whole(middle - most).rounded(.down))
      }
      newWidth = size(w, abs(m[0]) * w + abs(m[1]) * h)
      newHeight = size(h, abs(m[3]) * w + abs(m[4]) * h)
    }
    let (newW, newH) = (Double(newWidth) / 2, Double(newHeight) / 2)
    let map = PixelMap.affine([
      m[0], m[1], w - m[0] * newW - m[1] * newH, m[3], m[4], h - m[3] * newW - m[4] * newH,
    ])
    return transformed(
      "RandomRotation", map, width: newWidth, height: newHeight, interpolation, fill: fill)
  }
}

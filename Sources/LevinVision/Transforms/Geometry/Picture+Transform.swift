internal import LevinFormats
internal import LevinSystem

/// Where the pixel at (x, y) of a new picture comes from.
enum PixelMap {
  /// a x + b y + c, d x + e y + f
  case affine([Double])
  /// The same, each divided by g x + h y + 1.
  case perspective([Double])

  /// The place of the middle of a pixel.
  func place(_ x: Int, _ y: Int) -> (x: Double, y: Double) {
    let (x, y) = (Double(x) + 0.5, Double(y) + 0.5)
    switch self {
    case .affine(let m): return (m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5])
    case .perspective(let m):
      let divisor = m[6] * x + m[7] * y + 1
      return (
        (m[0] * x + m[1] * y + m[2]) / divisor, (m[3] * x + m[4] * y + m[5]) / divisor
      )
    }
  }
}

extension Picture {
  /// The picture under a map of places, with the bytes of Pillow's `transform`.
  ///
  /// - Parameter fill: One number or one for each channel, for what comes from outside.
  func transformed(
    _ map: PixelMap, width newWidth: Int, height newHeight: Int, _ interpolation: Interpolation,
    fill: [Float]
  ) -> Picture {
    let fill = fill.forEach(of: channels).map { UInt8(min(max($0, 0), 255)) }
    if interpolation == .nearest, case .affine(let matrix) = map {
      return nearest(matrix, newWidth, newHeight, fill)
    }
    guard interpolation == .nearest || interpolation == .bilinear || interpolation == .bicubic
    else {
      fail(
        "transformed", "\(interpolation.rawValue) interpolation",
        expected: "nearest, bilinear or bicubic")
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: newWidth * newHeight * channels) {
      output, count in
      self.bytes.withUnsafeBufferPointer { input in
        var target = 0
        for y in 0..<newHeight {
          for x in 0..<newWidth {
            let place = map.place(x, y)
            let isInside =
              place.x >= 0 && place.x < Double(width) && place.y >= 0 && place.y < Double(height)
            for channel in 0..<channels {
              output[target + channel] =
                isInside ? sample(input, place.x, place.y, channel, interpolation) : fill[channel]
            }
            target += channels
          }
        }
      }
      count = newWidth * newHeight * channels
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, bytes: bytes)
  }

  /// The value at a place between pixels, whose places end in .5.
  private func sample(
    _ input: UnsafeBufferPointer<UInt8>, _ x: Double, _ y: Double, _ channel: Int,
    _ interpolation: Interpolation
  ) -> UInt8 {
    func value(_ column: Int, _ row: Int) -> Double {
      let column = min(max(column, 0), width - 1)
      return Double(input[(row * width + column) * channels + channel])
    }
    if interpolation == .nearest { return UInt8(value(Int(x), Int(y))) }
    let (left, top) = ((x - 0.5).rounded(.down), (y - 0.5).rounded(.down))
    let (dx, dy) = (x - 0.5 - left, y - 0.5 - top)
    let (column, row) = (Int(left), Int(top))
    if interpolation == .bilinear {
      func line(_ row: Int) -> Double {
        let first = value(column, row)
        return first + (value(column + 1, row) - first) * dx
      }
      let upper = line(max(row, 0))
      let lower = row + 1 >= 0 && row + 1 < height ? line(row + 1) : upper
      return UInt8(upper + (lower - upper) * dy)
    }
    func cubic(_ v: (Double, Double, Double, Double), _ d: Double) -> Double {
      let p2 = -v.0 + v.2
      let p3 = 2 * (v.0 - v.1) + v.2 - v.3
      let p4 = -v.0 + v.1 - v.2 + v.3
      return v.1 + d * (p2 + d * (p3 + d * p4))
    }
    func line(_ row: Int) -> Double {
      cubic(
        (
          value(column - 1, row), value(column, row), value(column + 1, row), value(column + 2, row)
        ),
        dx)
    }
    // A row beyond the picture is the one before it.
    let first = line(min(max(row - 1, 0), height - 1))
    let second = row >= 0 && row < height ? line(row) : first
    let third = row + 1 >= 0 && row + 1 < height ? line(row + 1) : second
    let fourth = row + 2 >= 0 && row + 2 < height ? line(row + 2) : third
    let result = cubic((first, second, third, fourth), dy)
    return result <= 0 ? 0 : result >= 255 ? 255 : UInt8(result)
  }

  /// Pillow computes the nearest pixel in fixed point, 16 bits after the point.
  private func nearest(
    _ m: [Double], _ newWidth: Int, _ newHeight: Int, _ fill: [UInt8]
  ) -> Picture {
    var result = Picture(
      width: newWidth, height: newHeight, channels: channels,
      bytes: [UInt8](repeating: 0, count: newWidth * newHeight * channels))
    func put(_ x: Int, _ y: Int, _ column: Int, _ row: Int) {
      let target = (y * newWidth + x) * channels
      let isInside = column >= 0 && column < width && row >= 0 && row < height
      let source = (row * width + column) * channels
      for channel in 0..<channels {
        result.bytes[target + channel] = isInside ? bytes[source + channel] : fill[channel]
      }
    }
    if m[1] == 0, m[3] == 0 {
      // Without rotation it adds in double precision instead.
      func places(_ first: Double, _ step: Double, _ count: Int) -> [Int] {
        var place = first
        return (0..<count).map { _ in
          defer { place += step }
          return place < 0 ? -1 : place < 1e9 ? Int(place) : Int(1e9)
        }
      }
      let columns = places(m[2] + m[0] * 0.5, m[0], newWidth)
      let rows = places(m[5] + m[4] * 0.5, m[4], newHeight)
      for y in 0..<newHeight { for x in 0..<newWidth { put(x, y, columns[x], rows[y]) } }
      return result
    }
    func fixed(_ x: Double) -> Int { Int((x * 65536 + 0.5).rounded(.down)) }
    var startX = fixed(m[2] + m[0] * 0.5 + m[1] * 0.5)
    var startY = fixed(m[5] + m[3] * 0.5 + m[4] * 0.5)
    for y in 0..<newHeight {
      var (x16, y16) = (startX, startY)
      for x in 0..<newWidth {
        put(x, y, x16 >> 16, y16 >> 16)
        x16 += fixed(m[0])
        y16 += fixed(m[3])
      }
      startX += fixed(m[1])
      startY += fixed(m[4])
    }
    return result
  }
}

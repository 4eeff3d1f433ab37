internal import LevinData
internal import LevinFormats

/// Draws chests: a body with lungs, and a bright shape for each finding in its own cell of a 4×4 grid.
///
/// It computes with sums, products and quotients alone, so that pixels are the same on every machine.
struct ChestXRayPainter: Sendable {
  /// The sizes of a kind of image.
  struct Format: Hashable, Sendable {
    let width, height: Int
    let view: ChestView
  }

  /// The brightness of each pixel without findings, by format.
  private let chests: [Format: [Float]]

  init(_ formats: [Format]) {
    chests = Dictionary(uniqueKeysWithValues: formats.map { ($0, Self.chest($0)) })
  }

  /// The picture of a chest.
  ///
  /// - Parameter shapes: The brightness of the shape of each finding, 0 for none.
  func picture(
    _ format: Format, shapes: [Float], using random: inout SampleGenerator
  ) -> Picture {
    var values = chests[format] ?? Self.chest(format)
    for (cell, height) in shapes.enumerated() where height > 0 {
      add(cell, height, to: &values, format, &random)
    }
    let contrast = 0.85 + 0.3 * random.unit()
    var noise: UInt64 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: values.count) { bytes, count in
      values.withUnsafeBufferPointer { values in
        for i in values.indices {
          if i % 16 == 0 { noise = random.next() }
          let value = contrast * values[i] + Float(noise & 15) - 8
          noise >>= 4
          bytes[i] = UInt8(Swift.min(Swift.max(value, 0), 255))
        }
      }
      count = values.count
    }
    return Picture(width: format.width, height: format.height, channels: 1, bytes: bytes)
  }

  /// Adds the shape of a cell: a disc, a ring, a square or a cross, with soft edges.
  private func add(
    _ cell: Int, _ height: Float, to values: inout [Float], _ format: Format,
    _ random: inout SampleGenerator
  ) {
    let (width, tall) = (Float(format.width), Float(format.height))
    // The grid leaves a margin of 5 %.
    let (column, row) = (Float(cell % 4) + 0.5, Float(cell / 4) + 0.5)
    let x = width * (0.05 + 0.225 * (column + 0.16 * (random.unit() - 0.5)))
    let y = tall * (0.05 + 0.225 * (row + 0.16 * (random.unit() - 0.5)))
    let radius = 0.1 * Swift.min(width, tall)
    let (left, top) = (Int(x - radius), Int(y - radius))
    let (right, bottom) = (Int(x + radius), Int(y + radius))
    values.withUnsafeMutableBufferPointer { values in
      for line in Swift.max(top, 0)...Swift.min(bottom, format.height - 1) {
        for place in Swift.max(left, 0)...Swift.min(right, format.width - 1) {
          let (u, v) = ((Float(place) - x) / radius, (Float(line) - y) / radius)
          values[line * format.width + place] += height * Self.shape(cell, u, v)
        }
      }
    }
  }

  /// The brightness of a shape, 0…1, at a point of −1…1.
  private static func shape(_ cell: Int, _ u: Float, _ v: Float) -> Float {
    switch cell % 4 {
    case 0: bump(u * u + v * v)
    case 1: bump(Self.square((u * u + v * v - 0.45) / 0.45))
    case 2: bump(Swift.max(u * u, v * v))
    default: Swift.max(bump(u * u + 9 * v * v), bump(9 * u * u + v * v))
    }
  }

  private static func square(_ x: Float) -> Float { x * x }

  /// 1 at 0, and falling smoothly to 0 at 1.
  private static func bump(_ squaredRadius: Float) -> Float {
    squaredRadius < 1 ? (1 - squaredRadius) * (1 - squaredRadius) : 0
  }

  private static func chest(_ format: Format) -> [Float] {
    func oval(_ u: Float, _ v: Float, at x: Float, _ y: Float, _ a: Float, _ b: Float) -> Float {
      bump(square((u - x) / a) + square((v - y) / b))
    }
    return (0..<format.width * format.height).map { pixel in
      let u = 2 * Float(pixel % format.width) / Float(format.width) - 1
      let v = 2 * Float(pixel / format.width) / Float(format.height) - 1
      switch format.view {
      case .frontal:
        let body = Swift.min(2 * oval(u, v, at: 0, 0.2, 1.1, 1.6), 1)
        let lungs = oval(u, v, at: -0.45, -0.1, 0.45, 0.85) + oval(u, v, at: 0.45, -0.1, 0.45, 0.85)
        let heart = oval(u, v, at: 0.15, 0.3, 0.45, 0.45)
        let spine = square(u) < 0.006 ? Float(18) : 0
        return 20 + 120 * body - 90 * lungs + 50 * heart + spine
      case .lateral:
        let body = Swift.min(2 * oval(u, v, at: 0, 0.2, 0.95, 1.6), 1)
        let lung = oval(u, v, at: 0.1, -0.1, 0.7, 0.95)
        let heart = oval(u, v, at: -0.3, 0.3, 0.4, 0.45)
        let spine = square(u - 0.6) < 0.01 ? Float(25) : 0
        return 20 + 120 * body - 80 * lung + 45 * heart + spine
      }
    }
  }
}

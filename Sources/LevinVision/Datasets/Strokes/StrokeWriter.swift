internal import LevinData
internal import LevinSystem

/// Draws one digit: a glyph with the variations of handwriting, drawn with a round pen.
struct StrokeWriter {
  typealias Point = StrokeGlyphs.Point

  /// The image's width and height in pixels.
  static let side = 28
  /// The size of the box of an unchanged glyph in pixels, across and down.
  private static let box = Point(15, 19.5)

  private var random: SampleGenerator
  /// The squared distance of each pixel from the pen's path.
  private var distances = [Float](repeating: 1e9, count: side * side)

  init(random: SampleGenerator) { self.random = random }

  /// Draws digit `label` into the `side * side` bytes from `pixels` on.
  mutating func draw(_ label: Int, to pixels: UnsafeMutablePointer<UInt8>) {
    let variants = StrokeGlyphs.variants[label]
    let glyph = variants[Int(random.uniform() * Float(variants.count))]

    // The hand: size, slant, rotation, position and tremor.
    let scale = Self.box * Point(random.uniform(0.72..<1.18), random.uniform(0.78..<1.12))
    let slant = 0.28 * bell()
    let angle = 0.14 * bell()
    let (sine, cosine) = (Float(Double(angle).sine), Float(Double(angle).cosine))
    let shift = Point(random.uniform(-2.2..<2.2), random.uniform(-2.2..<2.2))
    let wobble: Float = random.uniform(0.01..<0.07)
    // A slow wave across the whole glyph bends straight strokes.
    let wave = Point(0.06 * bell(), 0.06 * bell())
    let phase = random.uniform(0..<6.2832)
    let radius = random.uniform(0.75..<1.9)
    let ink = random.uniform(0.82..<1)
    let softness = random.uniform(0.8..<1.5)

    // Points that several strokes share, such as corners, must stay together.
    var moved: [Point: Point] = [:]
    func place(_ point: Point) -> Point {
      if let known = moved[point] { return known }
      var p = point + Point(wobble * bell(), wobble * bell()) - Point(0.5, 0.5)
      p += wave * Point(Self.wave(p.y, phase), Self.wave(p.x, phase))
      p.x -= slant * p.y
      p *= scale
      p = Point(cosine * p.x - sine * p.y, sine * p.x + cosine * p.y)
      p += shift + Point(repeating: Float(Self.side - 1) / 2)
      moved[point] = p
      return p
    }
    for stroke in glyph {
      let points = stroke.map { place($0) }
      trace(points, reach: radius + softness)
    }

    for i in 0..<Self.side * Self.side {
      // Fully inked inside the radius, fading over `softness` pixels at its edge.
      let edge = (radius - distances[i].squareRoot()) / softness + 0.5
      let coverage = min(max(edge, 0), 1)
      pixels[i] = UInt8(coverage * ink * 255)
    }
  }

  /// A random number with mean 0 and standard deviation 1 that never exceeds 3 in magnitude.
  private mutating func bell() -> Float {
    // The sum of three: the standard deviation of one number in -1..<1 is 1/√3.
    random.uniform(-1..<1) + random.uniform(-1..<1) + random.uniform(-1..<1)
  }

  private static func wave(_ at: Float, _ phase: Float) -> Float {
    Float(Double(5 * at + phase).sine)
  }

  /// Follows a Catmull-Rom curve through `points`.
  private mutating func trace(_ points: [Point], reach: Float) {
    let spans = points.count - 1
    for i in 0..<spans {
      let (b, c) = (points[i], points[i + 1])
      let a = i > 0 ? points[i - 1] : b
      let d = i + 1 < spans ? points[i + 2] : c
      var last = b
      for step in 1...Self.stepsPerSpan {
        let t = Float(step) / Float(Self.stepsPerSpan)
        let linear = c - a
        let square = a * 2 - b * 5 + c * 4 - d
        let cube = (b - c) * 3 + d - a
        let next = b + (linear + (square + cube * t) * t) * (t / 2)
        line(from: last, to: next, reach: reach)
        last = next
      }
    }
  }

  private static let stepsPerSpan = 4

  /// Lowers the distance of every pixel that is closer than `reach` to the line.
  private mutating func line(from start: Point, to end: Point, reach: Float) {
    let low = pointwiseMin(start, end) - reach
    let high = pointwiseMax(start, end) + reach
    let last = Float(Self.side - 1)
    let left = Int(max(low.x, 0).rounded(.up))
    let right = Int(min(high.x, last).rounded(.down))
    let top = Int(max(low.y, 0).rounded(.up))
    let bottom = Int(min(high.y, last).rounded(.down))
    guard left <= right, top <= bottom else { return }
    let direction = end - start
    let length = max((direction * direction).sum(), 1e-6)
    distances.withUnsafeMutableBufferPointer { distances in
      for y in top...bottom {
        for x in left...right {
          let offset = Point(Float(x), Float(y)) - start
          let along = min(max((offset * direction).sum() / length, 0), 1)
          let rest = offset - direction * along
          let i = y * Self.side + x
          distances[i] = min(distances[i], (rest * rest).sum())
        }
      }
    }
  }
}

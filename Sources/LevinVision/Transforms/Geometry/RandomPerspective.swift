public import LevinData
internal import LevinFormats
internal import LevinSystem

/// Moves the corners of images at random with a probability, as `torchvision.transforms.RandomPerspective`.
///
/// On pictures of bytes as Pillow computes, on floats as torchvision computes tensors.
public struct RandomPerspective: ImageTransform {
  /// How far corners may move, 0…1: 1 is half of the image.
  public let distortion: Float
  /// The probability, 0…1.
  public let probability: Float
  /// How pixels are computed: nearest or bilinear, or bicubic for pictures of bytes.
  public let interpolation: Interpolation
  /// The value of what comes from outside: one number or one for each channel, 0…255 for bytes.
  public let fill: [Float]

  /// Traps unless the distortion and the probability are in 0…1.
  public init(
    distortion: Float = 0.5, probability: Float = 0.5, interpolation: Interpolation = .bilinear,
    fill: [Float] = [0]
  ) {
    guard (0...1).contains(distortion) else {
      fail("RandomPerspective", "a distortion of \(distortion)", expected: "0 to 1")
    }
    checkProbability("RandomPerspective", probability)
    self.distortion = distortion
    self.probability = probability
    self.interpolation = interpolation
    self.fill = fill
  }

  /// Changes `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    let corners = draw(height: image.height, width: image.width, using: &random)
    image.transform("RandomPerspective", interpolation, fill: fill) { width, height in
      (.perspective(Self.coefficients(corners, width: width, height: height)), width, height)
    }
  }

  /// Where the corners go, as x and y: top left, top right, bottom right, bottom left.
  func draw(height: Int, width: Int, using random: inout SampleGenerator) -> [[Int]] {
    let x = Int(Double(distortion) * Double(width / 2))
    let y = Int(Double(distortion) * Double(height / 2))
    func corner(_ columns: Range<Int>, _ rows: Range<Int>, _ random: inout SampleGenerator) -> [Int]
    {
      [random.integer(in: columns), random.integer(in: rows)]
    }
    return [
      corner(0..<x + 1, 0..<y + 1, &random),
      corner(width - x - 1..<width, 0..<y + 1, &random),
      corner(width - x - 1..<width, height - y - 1..<height, &random),
      corner(0..<x + 1, height - y - 1..<height, &random),
    ]
  }

  /// The map from the new corners to the old ones, in the single precision in which torchvision keeps it.
  static func coefficients(_ corners: [[Int]], width: Int, height: Int) -> [Double] {
    let old = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]
    var rows: [[Double]] = []
    for (to, from) in zip(corners, old) {
      let (x, y) = (Double(to[0]), Double(to[1]))
      for axis in 0..<2 {
        let value = Double(from[axis])
        let own = [x, y, 1]
        let none = [0.0, 0, 0]
        rows.append(
          (axis == 0 ? own + none : none + own) + [-value * x, -value * y, value])
      }
    }
    return solved(rows).map { Double(Float($0)) }
  }

  /// The solution of equations with their right side in the last column (Gauss, with pivots).
  private static func solved(_ equations: [[Double]]) -> [Double] {
    var rows = equations
    let count = rows.count
    for column in 0..<count {
      let pivot = (column..<count).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      rows.swapAt(column, pivot)
      // Corners that fall together have no map; zeros give the fill.
      guard rows[column][column] != 0 else { return [Double](repeating: 0, count: count) }
      for row in 0..<count where row != column {
        let factor = rows[row][column] / rows[column][column]
        for i in column...count { rows[row][i] -= factor * rows[column][i] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}

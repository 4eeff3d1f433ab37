internal import LevinSystem

/// The size that a transform gives to images: a whole number is the size of the shorter side or a square, as the
/// transform says.
public enum ImageSize: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral {
  /// One number.
  case side(Int)
  /// A height and a width.
  case exactly(height: Int, width: Int)

  /// One number.
  public init(integerLiteral value: Int) { self = .side(value) }

  /// The height and the width, of a square if there is one number; traps unless both are positive.
  func square(_ operation: String) -> (height: Int, width: Int) {
    let size: (height: Int, width: Int) =
      switch self {
      case .side(let side): (side, side)
      case .exactly(let height, let width): (height, width)
      }
    guard size.height > 0, size.width > 0 else {
      fail(operation, "a size of \(size.height)×\(size.width)", expected: "at least 1 pixel")
    }
    return size
  }
}

/// How pixels between those of an image are computed.
public enum Interpolation: String, Sendable, Hashable, Codable, CaseIterable {
  /// The nearest pixel.
  case nearest
  /// Weighted by distance.
  case bilinear
  /// Cubic, over four pixels.
  case bicubic
  /// The mean of the pixels that a new one covers; for pictures of bytes.
  case box
  /// Hamming's window; for pictures of bytes.
  case hamming
  /// Lanczos' window, over six pixels; for pictures of bytes.
  case lanczos

  /// How far a filter reaches, and its weights.
  var filter: (support: Double, weight: @Sendable (Double) -> Double) {
    switch self {
    case .nearest, .bilinear: (1, { max(0, 1 - abs($0)) })
    case .box: (0.5, { $0 > -0.5 && $0 <= 0.5 ? 1 : 0 })
    case .hamming:
      (
        1,
        { x in
          abs(x) == 0 ? 1 : abs(x) >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * (Double.pi * x).cosine)
        }
      )
    case .bicubic:
      (
        2,
        { x in
          let (x, a) = (abs(x), -0.5)
          if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
          return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
        }
      )
    case .lanczos: (3, { x in x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0 })
    }
  }
}

private func sinc(_ x: Double) -> Double {
  x == 0 ? 1 : (Double.pi * x).sine / (Double.pi * x)
}

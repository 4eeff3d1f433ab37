internal import LevinFormats

/// A box around something in an image, in pixels from the image's top left corner (torchvision's `BoundingBoxes` in the
/// format `XYXY`).
public struct BoundingBox: Sendable, Hashable, Codable {
  /// The sides; `right` and `bottom` are those of the last pixel's far edge.
  public var left, top, right, bottom: Float

  /// A box between these sides.
  public init(left: Float, top: Float, right: Float, bottom: Float) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }
}

extension ImageSample {
  /// Moves all boxes: each becomes the box around the new places of its corners, as far as it is in the image, which has
  /// its new size already.
  mutating func moveBoxes(_ place: (_ x: Double, _ y: Double) -> (x: Double, y: Double)) {
    let (width, height) = (Float(width), Float(height))
    for index in boxes.indices {
      let box = boxes[index]
      let corners = [
        (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom),
      ].map { place(Double($0.0), Double($0.1)) }
      let (x, y) = (corners.map { Float($0.x) }, corners.map { Float($0.y) })
      func inside(_ value: Float?, _ size: Float) -> Float { min(max(value ?? 0, 0), size) }
      boxes[index] = BoundingBox(
        left: inside(x.min(), width), top: inside(y.min(), height),
        right: inside(x.max(), width), bottom: inside(y.max(), height))
    }
  }

  /// Replaces the image by itself under a map of places, with its mask and its boxes.
  ///
  /// - Parameter map: For an image of this size, the map and the new size.
  mutating func transform(
    _ operation: String, _ interpolation: Interpolation, fill: [Float],
    _ map: (_ width: Int, _ height: Int) -> (map: PixelMap, width: Int, height: Int)
  ) {
    let (map, newWidth, newHeight) = map(width, height)
    replace { picture in
      picture.transformed(map, width: newWidth, height: newHeight, interpolation, fill: fill)
    } floats: { image in
      image.transformed(
        operation, map, width: newWidth, height: newHeight, interpolation, fill: fill)
    }
    mask = mask?.transformed(map, width: newWidth, height: newHeight, .nearest, fill: [0])
    if !boxes.isEmpty { moveBoxes(map.inverse) }
  }
}

extension PixelMap {
  /// Where a place of the old picture goes.
  func inverse(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    // A place is [x, y, 1] up to a factor; the inverse of the matrix is its adjugate, up to a factor.
    let (m, g, h) =
      switch self {
      case .affine(let m): (m, 0.0, 0.0)
      case .perspective(let m): (m, m[6], m[7])
      }
    let (a, b, c, d, e, f) = (m[0], m[1], m[2], m[3], m[4], m[5])
    let divisor = (d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d)
    return (
      ((e - f * h) * x + (c * h - b) * y + (b * f - c * e)) / divisor,
      ((f * g - d) * x + (a - c * g) * y + (c * d - a * f)) / divisor
    )
  }
}

/// A frame in a picture, in pixels from the left and from the top.
public struct PixelBox: Sendable, Hashable {
  public var left, top, right, bottom: Int

  public init(left: Int, top: Int, right: Int, bottom: Int) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }
}

extension PixelImage {
  /// The picture in RGB with red frames of two pixels drawn inwards from the boxes' edges; what lies outside is left out.
  func drawing(_ boxes: [PixelBox]) -> PixelImage {
    var result = PixelImage(width: width, height: height, channels: 3, pixels: rgb)
    for box in boxes {
      for y in max(0, box.top)...max(0, min(height - 1, box.bottom)) where y < height {
        for x in max(0, box.left)...max(0, min(width - 1, box.right)) where x < width {
          let edge = min(x - box.left, box.right - x, y - box.top, box.bottom - y)
          if (0..<2).contains(edge) {
            let place = (y * width + x) * 3
            result.pixels.replaceSubrange(place..<place + 3, with: [255, 0, 0])
          }
        }
      }
    }
    return result
  }
}

/// A box in an image, in pixels from the left and from the top.
public struct PixelBox: Sendable, Hashable {
  public var left, top, right, bottom: Int

  /// Creates a box between these edges.
  public init(left: Int, top: Int, right: Int, bottom: Int) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }
}

extension PixelBox {
  /// The box with its edges in order, and clamped so that arithmetic cannot overflow: no picture is that large.
  fileprivate var ordered: PixelBox {
    func clamp(_ edge: Int) -> Int { max(-1 << 40, min(1 << 40, edge)) }
    return PixelBox(
      left: clamp(min(left, right)), top: clamp(min(top, bottom)), right: clamp(max(left, right)),
      bottom: clamp(max(top, bottom)))
  }
}

extension PixelImage {
  /// The picture in RGB with red boxes of two pixels, drawn as PyTorch's writer does: inwards from the left and right
  /// edges, outwards from the top and bottom ones.
  ///
  /// Parts outside the image are left out.
  package func drawing(_ boxes: [PixelBox]) -> PixelImage {
    var result = PixelImage(width: width, height: height, channels: 3, pixels: rgb)
    for box in boxes {
      let box = box.ordered
      for y in 0..<height where y >= box.top - 1 && y <= box.bottom + 1 {
        let isEdge = y <= box.top || y >= box.bottom
        for x in 0..<width where x >= box.left && x <= box.right {
          guard isEdge || x - box.left < 2 || box.right - x < 2 else { continue }
          let place = (y * width + x) * 3
          result.pixels.replaceSubrange(place..<place + 3, with: [255, 0, 0])
        }
      }
    }
    return result
  }
}

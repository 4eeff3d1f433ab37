internal import LevinSystem
public import LevinTensor
public import LevinTensorBoard

extension PixelImage {
  /// The pixels of an image tensor, as PyTorch's `add_image` makes them: floats are multiplied by 255, clipped to
  /// 0…255 and truncated; 8-bit integers stay.
  ///
  /// An image whose three channels are equal everywhere becomes gray.
  ///
  /// - Parameter image: `[channels, height, width]` with 1, 3 or 4 channels, or `[height, width]`. Traps for
  /// other shapes.
  public init(_ image: Tensor) {
    let sizes = Array(image.shape)
    guard sizes.count == 2 || (sizes.count == 3 && [1, 3, 4].contains(sizes[0])) else {
      fail(
        "addImage", "shape \(image.shape)",
        expected: "[1, 3 or 4 channels, height, width] or [height, width]")
    }
    let channels = sizes.count == 3 ? sizes[0] : 1
    let (height, width) = (sizes[sizes.count - 2], sizes[sizes.count - 1])
    let planes = image.dtype == .uint8 ? image.scalars(as: UInt8.self) : Self.bytes(of: image)
    let area = height * width
    let isGray =
      channels == 3 && planes[..<area] == planes[area..<2 * area]
      && planes[..<area] == planes[(2 * area)...]
    guard channels > 1, !isGray else {
      self.init(width: width, height: height, channels: 1, pixels: Array(planes[..<area]))
      return
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: area * channels) { pixels, count in
      for channel in 0..<channels {
        for i in 0..<area { pixels[i * channels + channel] = planes[channel * area + i] }
      }
      count = area * channels
    }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  private static func bytes(of image: Tensor) -> [UInt8] {
    image.to(.float32).withUnsafeBytes { raw in
      raw.assumingMemoryBound(to: Float.self).map { value in
        // NaN compares false and becomes 0.
        value * 255 >= 0 ? UInt8(min(value * 255, 255)) : 0
      }
    }
  }
}

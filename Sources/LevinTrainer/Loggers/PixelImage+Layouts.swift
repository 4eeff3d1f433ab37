public import LevinTensor
public import LevinTensorBoard

extension PixelImage {
  /// The pictures of a tensor, one for layouts without N.
  ///
  /// As in PyTorch's writer, floats are multiplied by 255, clipped and truncated, and 8-bit integers stay. Pictures
  /// whose channels are equal in every pixel become gray. Traps if shape and layout do not match.
  public static func images(
    _ tensor: Tensor, layout: TensorLayout, for operation: String = "PixelImage.images"
  ) -> [PixelImage] {
    let (count, height, width, channels) = layout.sizes(of: tensor, for: operation)
    let pixels: PixelLayout =
      switch layout {
      case .hw: .hw
      case .chw, .nchw: .chw
      case .hwc, .nhwc: .hwc
      }
    let size = height * width * channels
    let found: [PixelImage] =
      if tensor.dtype == .uint8 {
        split(tensor.scalars(as: UInt8.self), count, size).map {
          PixelImage($0, height: height, width: width, channels: channels, layout: pixels)
        }
      } else {
        split(tensor.to(.float32).scalars(as: Float.self), count, size).map {
          PixelImage($0, height: height, width: width, channels: channels, layout: pixels)
        }
      }
    let gray = found.map(\.reducedToGray)
    // The pictures of a batch have the same number of channels: all are gray, or none.
    return gray.allSatisfy { $0.channels == 1 } ? gray : found
  }

  private static func split<Value>(_ values: [Value], _ count: Int, _ size: Int) -> [[Value]] {
    (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
  }
}

public import LevinTensor
public import LevinTensorBoard

extension PixelImage {
  /// The pictures of a tensor: floats from 0 to 1 are multiplied by 255, clipped and truncated, integers of 8
  /// bits stay, as PyTorch's writer does; those whose channels are equal in every pixel become gray.
  ///
  /// One picture for the layouts without N. Traps where shape and layout do not fit.
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
    // The pictures of a batch stay alike: all gray, or none.
    return gray.allSatisfy { $0.channels == 1 } ? gray : found
  }

  private static func split<Value>(_ values: [Value], _ count: Int, _ size: Int) -> [[Value]] {
    (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
  }
}

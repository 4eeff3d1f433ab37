internal import LevinSystem
public import LevinTensor
public import LevinTensorBoard

extension PixelImage {
  /// The picture of a tensor `[channels, height, width]` with 1, 3 or 4 channels, or `[height, width]`, or in another
  /// layout without N.
  ///
  /// Traps for other shapes; see ``images(_:layout:)`` for the pixels.
  public init(_ image: Tensor, layout: TensorLayout? = nil) {
    self = Self.image(image, layout: layout, for: "PixelImage")
  }

  /// The pictures of a tensor, one for a layout without N.
  ///
  /// As in PyTorch's writer, 8-bit integers stay, and all other numbers are multiplied by 255, clipped to 0…255 and
  /// truncated; NaN becomes 0. Pictures whose three channels are equal in every pixel become gray. Traps if shape and
  /// layout do not match.
  public static func images(_ images: Tensor, layout: TensorLayout = .nchw) -> [PixelImage] {
    Self.images(images, layout: layout, for: "PixelImage.images")
  }

  /// The picture of a tensor; errors begin with the name of the operation that wants it.
  static func image(_ image: Tensor, layout: TensorLayout?, for operation: String) -> PixelImage {
    let layout = layout ?? (image.rank == 2 ? .hw : .chw)
    guard !layout.hasBatch else {
      fail(
        operation, "layout \(layout.rawValue.uppercased())", expected: "HW, CHW or HWC",
        hint: "addImages takes several images")
    }
    return images(image, layout: layout, for: operation)[0]
  }

  /// The pictures of a tensor; errors begin with the name of the operation that wants them.
  ///
  /// This is the only way from a tensor to pixels.
  static func images(
    _ tensor: Tensor, layout: TensorLayout, for operation: String
  ) -> [PixelImage] {
    var (count, height, width, channels) = layout.sizes(of: tensor, for: operation)
    let pixels = withoutGradients {
      var values = bytes(of: tensor).permuted(layout.pixelOrder)
      // The pictures of a batch have the same number of channels: all are gray, or none.
      if channels == 3, isGray(values) {
        values = values.narrowed(-1, start: 0, length: 1)
        channels = 1
      }
      return values.scalars(as: UInt8.self)
    }
    let size = height * width * channels
    return (0..<count).map { index in
      PixelImage(
        width: width, height: height, channels: channels,
        pixels: Array(pixels[index * size..<(index + 1) * size]))
    }
  }

  /// Whether the three channels of pictures, the last dimension, are equal.
  private static func isGray(_ pictures: Tensor) -> Bool {
    let red = pictures.selected(-1, 0)
    return [1, 2].allSatisfy { (red .== pictures.selected(-1, $0)).all().item() != 0 }
  }

  private static func bytes(of tensor: Tensor) -> Tensor {
    guard tensor.dtype != .uint8 else { return tensor }
    let scaled = tensor.to(.float32) * 255
    return scaled.maskedFill(scaled.isNaN(), with: 0).clamped(0.0, 255.0).to(.uint8)
  }
}

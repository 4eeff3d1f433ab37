public import LevinFormats
internal import LevinSystem
public import LevinTensor

extension Picture {
  /// The bytes as a tensor `[channels, height, width]` of dtype uint8 (torchvision's `PILToTensor`).
  public var tensor: Tensor {
    let area = width * height
    return Tensor(shape: [channels, height, width], dtype: .uint8) { output in
      for channel in 0..<channels {
        for i in 0..<area { output[channel * area + i] = bytes[i * channels + channel] }
      }
    }
  }

  /// Creates a picture of a tensor `[channels, height, width]` or `[height, width]` of dtype uint8; traps otherwise.
  public init(_ tensor: Tensor) {
    let sizes = Array(tensor.shape)
    guard (2...3).contains(sizes.count), tensor.dtype == .uint8,
      sizes.count == 2 || (1...4).contains(sizes[0])
    else {
      fail(
        "Picture", "a tensor \(tensor.shape) of dtype \(tensor.dtype.name)",
        expected: "[channels, height, width] with 1 to 4 channels, uint8")
    }
    let channels = sizes.count == 2 ? 1 : sizes[0]
    let (height, width) = (sizes[sizes.count - 2], sizes[sizes.count - 1])
    let values = tensor.scalars(as: UInt8.self)
    let area = height * width
    var bytes = values
    if channels > 1 {
      for channel in 0..<channels {
        for i in 0..<area { bytes[i * channels + channel] = values[channel * area + i] }
      }
    }
    self.init(width: width, height: height, channels: channels, bytes: bytes)
  }
}

internal import LevinData
internal import LevinSystem
public import LevinTensor

/// An image of floats: one plane after another, as in a tensor `[channels, height, width]`.
public struct FloatImage: Sendable, Hashable {
  /// The sizes of the image.
  public var channels, height, width: Int
  /// `[channels, height, width]`, row-major.
  public var values: [Float]

  /// Creates an image; traps unless there are `channels * height * width` values.
  public init(channels: Int, height: Int, width: Int, values: [Float]) {
    guard values.count == checkedProduct([channels, height, width]) else {
      fail(
        "FloatImage", "\(values.count) values",
        expected: "those of the shape [\(channels), \(height), \(width)]")
    }
    self.channels = channels
    self.height = height
    self.width = width
    self.values = values
  }

  /// The image as a tensor `[channels, height, width]` of dtype float32.
  public var tensor: Tensor { Tensor(values, shape: [channels, height, width]) }
}

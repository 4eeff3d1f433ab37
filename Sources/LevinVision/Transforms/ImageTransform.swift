public import LevinData
internal import LevinSystem

/// An image on its way from stored bytes to the numbers that a model sees.
public struct ImageSample: Sendable {
  /// The sizes of the image.
  public var channels, height, width: Int
  /// `[channels, height, width]`, row-major; 0…255 until ``ToTensor`` is applied.
  public var pixels: [Float]

  /// Creates an image; traps unless there are `channels * height * width` pixels.
  public init(channels: Int, height: Int, width: Int, pixels: [Float]) {
    guard pixels.count == checkedProduct([channels, height, width]) else {
      fail(
        "ImageSample", "\(pixels.count) pixels",
        expected: "those of the shape [\(channels), \(height), \(width)]")
    }
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
  }
}

/// A step that turns stored pixels into the numbers a model sees.
///
/// A step that processes one pixel at a time conforms to ``PointwiseTransform`` and costs nothing when a batch is
/// fetched. All others, including random ones, conform to this protocol directly.
public protocol ImageTransform: Sendable {
  /// Changes `image`; all random numbers must come from `random`.
  func apply(to image: inout ImageSample, using random: inout SampleGenerator)
}

/// A step that computes each pixel's new value from its old value and its channel.
///
/// Since stored pixels are bytes, such steps are evaluated once for all 256 values.
public protocol PointwiseTransform: ImageTransform {
  /// The new value of a pixel with the value `value` in channel `channel`.
  func apply(to value: Float, channel: Int) -> Float
}

extension PointwiseTransform {
  /// Replaces each pixel by its new value.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let area = image.height * image.width
    for channel in 0..<image.channels {
      for i in channel * area..<(channel + 1) * area {
        image.pixels[i] = apply(to: image.pixels[i], channel: channel)
      }
    }
  }
}

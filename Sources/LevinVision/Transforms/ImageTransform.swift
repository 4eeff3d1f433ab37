public import LevinData

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
    let channels = image.channels
    image.pixels.withUnsafeMutableBufferPointer { pixels in
      for channel in 0..<channels {
        for i in channel * area..<(channel + 1) * area {
          pixels[i] = apply(to: pixels[i], channel: channel)
        }
      }
    }
  }
}

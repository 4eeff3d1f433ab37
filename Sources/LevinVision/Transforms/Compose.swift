public import LevinData

/// Several transforms, applied one after the other.
public struct Compose: ImageTransform {
  /// The steps, in order.
  public let transforms: [any ImageTransform]

  /// Creates a transform of these steps; a step that is itself a `Compose` is replaced by its steps.
  public init(_ transforms: any ImageTransform...) { self.init(transforms) }

  /// Creates a transform of these steps; a step that is itself a `Compose` is replaced by its steps.
  public init(_ transforms: [any ImageTransform]) {
    self.transforms = transforms.flatMap { ($0 as? Compose)?.transforms ?? [$0] }
  }

  /// Applies all steps, one after the other.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    for transform in transforms { transform.apply(to: &image, using: &random) }
  }

  /// The results of the steps for every byte value; nil if one of them is not pointwise.
  func table(channels: Int) -> ByteTable? {
    let steps = transforms.compactMap { $0.pointwise }
    return steps.count == transforms.count ? ByteTable(steps, channels: channels) : nil
  }
}

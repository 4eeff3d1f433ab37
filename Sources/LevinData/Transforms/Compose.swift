/// Transforms one after the other.
public struct Compose: ImageTransform {
  /// The steps, in order.
  public let transforms: [any ImageTransform]

  /// These steps, in order; a step that is itself a `Compose` counts as its steps.
  public init(_ transforms: any ImageTransform...) { self.init(transforms) }

  /// These steps, in order; a step that is itself a `Compose` counts as its steps.
  public init(_ transforms: [any ImageTransform]) {
    self.transforms = transforms.flatMap { ($0 as? Compose)?.transforms ?? [$0] }
  }

  /// All steps, one after the other.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    for transform in transforms { transform.apply(to: &image, using: &random) }
  }

  /// What the steps make of every byte; nil when one of them is not pointwise.
  func table(channels: Int) -> ByteTable? {
    let steps = transforms.compactMap { $0 as? any PointwiseTransform }
    return steps.count == transforms.count ? ByteTable(steps, channels: channels) : nil
  }
}

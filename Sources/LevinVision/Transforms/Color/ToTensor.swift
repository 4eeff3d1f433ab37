/// Bytes 0…255 to floats 0…1: `byte / 255`, as `torchvision.transforms.ToTensor`.
public struct ToTensor: PointwiseTransform {
  /// Creates the transform; it has no options.
  public init() {}
  /// `value / 255`.
  public func apply(to value: Float, channel: Int) -> Float { value / 255 }
}

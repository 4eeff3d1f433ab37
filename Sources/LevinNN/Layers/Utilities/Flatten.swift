public import LevinTensor

/// The dimensions from `start` through `end` made one: unless given, `[batch, …]` to `[batch, rest]`.
public final class Flatten: Layer {
  /// The first dimension that is joined; counted from the last where negative.
  public let start: Int
  /// The last dimension that is joined.
  public let end: Int

  /// As `torch.nn.Flatten`.
  public init(from start: Int = 1, through end: Int = -1) { (self.start, self.end) = (start, end) }

  public override func forward(_ input: Tensor) -> Tensor {
    input.flattened(from: start, through: end)
  }
}

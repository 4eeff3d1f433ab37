public import LevinTensor

/// Joins the dimensions from `start` through `end` into one: by default `[batch, …]` becomes `[batch, rest]`.
public final class Flatten: Layer {
  /// The first dimension that is joined; a negative one counts from the last.
  public let start: Int
  /// The last dimension that is joined.
  public let end: Int

  /// Creates the layer; the defaults are PyTorch's.
  public init(from start: Int = 1, through end: Int = -1) { (self.start, self.end) = (start, end) }

  public override func forward(_ input: Tensor) -> Tensor {
    input.flattened(from: start, through: end)
  }
}

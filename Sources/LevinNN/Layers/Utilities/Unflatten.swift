public import LevinTensor

/// Splits a dimension into several.
public final class Unflatten: Layer {
  /// The dimension; a negative one counts from the last.
  public let dimension: Int
  /// The sizes that replace it; one may be -1.
  public let sizes: [Int]

  /// Creates a layer that replaces a dimension by `sizes`.
  public init(_ dimension: Int, _ sizes: [Int]) {
    self.dimension = dimension
    self.sizes = sizes
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.unflattened(dimension, into: sizes)
  }
}

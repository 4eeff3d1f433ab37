public import LevinTensor

/// Makes one dimension several.
public final class Unflatten: Layer {
  /// The dimension, counted from the last where negative.
  public let dimension: Int
  /// The sizes that take its place; one may be -1.
  public let sizes: [Int]

  /// A layer that puts `sizes` in the place of a dimension.
  public init(_ dimension: Int, _ sizes: [Int]) {
    self.dimension = dimension
    self.sizes = sizes
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.unflattened(dimension, into: sizes)
  }
}

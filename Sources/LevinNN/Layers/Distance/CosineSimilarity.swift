public import LevinTensor

/// The cosines of the angles between vectors along a dimension; shapes are broadcast.
public final class CosineSimilarity: Module {
  /// The dimension of the vectors.
  public let dimension: Int
  /// The lower limit of a norm.
  public let epsilon: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(dimension: Int = 1, epsilon: Double = 1e-8) {
    self.dimension = dimension
    self.epsilon = epsilon
  }

  /// Returns the cosines, without the dimension of the vectors.
  public func callAsFunction(_ first: Tensor, _ second: Tensor) -> Tensor {
    call(with: [first, second]) {
      $0[0].cosineSimilarity($0[1], dimension: dimension, epsilon: epsilon)
    }
  }
}

/// The norm of order `p` of the differences of vectors along the last dimension, after `epsilon` is added to each
/// difference.
public final class PairwiseDistance: Module {
  /// The order of the norm.
  public let p: Double
  /// The number added to each difference.
  public let epsilon: Double
  /// Whether the dimension of the vectors is kept, with size 1.
  public let keepDimension: Bool

  /// Creates the layer; the defaults are PyTorch's.
  public init(p: Double = 2, epsilon: Double = 1e-6, keepDimension: Bool = false) {
    self.p = p
    self.epsilon = epsilon
    self.keepDimension = keepDimension
  }

  /// Returns the distances.
  public func callAsFunction(_ first: Tensor, _ second: Tensor) -> Tensor {
    call(with: [first, second]) {
      $0[0].pairwiseDistance($0[1], p: p, epsilon: epsilon, keepDimension: keepDimension)
    }
  }
}

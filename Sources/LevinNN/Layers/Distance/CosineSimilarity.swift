public import LevinTensor

/// The cosines of the angles between vectors along a dimension; shapes broadcast.
public final class CosineSimilarity: Module {
  /// The dimension of the vectors.
  public let dimension: Int
  /// What a norm counts at least.
  public let epsilon: Double

  /// A layer with PyTorch's defaults.
  public init(dimension: Int = 1, epsilon: Double = 1e-8) {
    self.dimension = dimension
    self.epsilon = epsilon
  }

  /// The cosines, without the vectors' dimension.
  public func callAsFunction(_ first: Tensor, _ second: Tensor) -> Tensor {
    called(with: [first, second]) {
      $0[0].cosineSimilarity($0[1], dimension: dimension, epsilon: epsilon)
    }
  }
}

/// The norm of order `p` of the differences of vectors along the last dimension, to which `epsilon` is added first.
public final class PairwiseDistance: Module {
  /// The order of the norm.
  public let p: Double
  /// What is added to each difference.
  public let epsilon: Double
  /// Whether the vectors' dimension stays, with size 1.
  public let keepDimension: Bool

  /// A layer with PyTorch's defaults.
  public init(p: Double = 2, epsilon: Double = 1e-6, keepDimension: Bool = false) {
    self.p = p
    self.epsilon = epsilon
    self.keepDimension = keepDimension
  }

  /// The distances.
  public func callAsFunction(_ first: Tensor, _ second: Tensor) -> Tensor {
    called(with: [first, second]) {
      $0[0].pairwiseDistance($0[1], p: p, epsilon: epsilon, keepDimension: keepDimension)
    }
  }
}

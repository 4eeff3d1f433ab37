// Reductions along one dimension, where several are possible.

extension Tensor {
  /// The largest elements along a dimension; see ``maximum(dimensions:keepDimension:)``.
  public func maximum(dimension: Int, keepDimension: Bool = false) -> Tensor {
    maximum(dimensions: [dimension], keepDimension: keepDimension)
  }

  /// The smallest elements along a dimension; see ``minimum(dimensions:keepDimension:)``.
  public func minimum(dimension: Int, keepDimension: Bool = false) -> Tensor {
    minimum(dimensions: [dimension], keepDimension: keepDimension)
  }

  /// Whether all elements along a dimension are true; see ``all(dimensions:keepDimension:)``.
  public func all(dimension: Int, keepDimension: Bool = false) -> Tensor {
    all(dimensions: [dimension], keepDimension: keepDimension)
  }

  /// Whether any element along a dimension is true; see ``any(dimensions:keepDimension:)``.
  public func any(dimension: Int, keepDimension: Bool = false) -> Tensor {
    any(dimensions: [dimension], keepDimension: keepDimension)
  }

  /// The number of elements along a dimension that are not zero, int64.
  public func countNonzero(dimension: Int) -> Tensor { countNonzero(dimensions: [dimension]) }

  /// The variance along a dimension; see ``variance(dimensions:correction:keepDimension:)``.
  public func variance(dimension: Int, correction: Double = 1, keepDimension: Bool = false)
    -> Tensor
  {
    variance(dimensions: [dimension], correction: correction, keepDimension: keepDimension)
  }

  /// The standard deviation along a dimension; see ``standardDeviation(dimensions:correction:keepDimension:)``.
  public func standardDeviation(
    dimension: Int, correction: Double = 1, keepDimension: Bool = false
  ) -> Tensor {
    standardDeviation(dimensions: [dimension], correction: correction, keepDimension: keepDimension)
  }

  /// The norm of order `p` along a dimension; see ``norm(_:dimensions:keepDimension:)``.
  public func norm(_ p: Double = 2, dimension: Int, keepDimension: Bool = false) -> Tensor {
    norm(p, dimensions: [dimension], keepDimension: keepDimension)
  }

  /// `log Σ exp x` along a dimension; see ``logSumExp(dimensions:keepDimension:)``.
  public func logSumExp(dimension: Int, keepDimension: Bool = false) -> Tensor {
    logSumExp(dimensions: [dimension], keepDimension: keepDimension)
  }
}

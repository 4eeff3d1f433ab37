extension Tensor {
  /// The vectors along a dimension, divided by their norm of order `p`, or by `epsilon` if that is larger (PyTorch's
  /// `normalize`).
  public func normalized(
    _ p: Double = 2, dimension: Int = 1, epsilon: Double = 1e-12
  ) -> Tensor {
    composed(
      "normalized()", [self],
      [
        .init("p", .double(p)), .init("dimension", .int(dimension)),
        .init("epsilon", .double(epsilon)),
      ]
    ) {
      self / norm(p, dimensions: [dimension], keepDimension: true).clamped(epsilon)
    }
  }

  /// The cosines of the angles between vectors along a dimension; shapes broadcast (PyTorch's `cosine_similarity`).
  ///
  /// The lower limit of norms is `epsilon`.
  public func cosineSimilarity(
    _ other: Tensor, dimension: Int = 1, epsilon: Double = 1e-8
  ) -> Tensor {
    composed(
      "cosineSimilarity(_:)", [self, other],
      [.init("dimension", .int(dimension)), .init("epsilon", .double(epsilon))]
    ) {
      let common = DType.result(self, other).floating
      let pair = Tensor.broadcast([to(common), other.to(common)])
      let units = pair.map {
        $0 / $0.norm(dimensions: [dimension], keepDimension: true).raised(to: epsilon)
      }
      return (units[0] * units[1]).sum(dimension: dimension)
    }
  }

  /// The norm of order `p` of the differences of vectors along the last dimension, after `epsilon` is added to each
  /// difference; shapes broadcast (PyTorch's `pairwise_distance`).
  public func pairwiseDistance(
    _ other: Tensor, p: Double = 2, epsilon: Double = 1e-6, keepDimension: Bool = false
  ) -> Tensor {
    composed(
      "pairwiseDistance(_:)", [self, other],
      [
        .init("p", .double(p)), .init("epsilon", .double(epsilon)),
        .init("keepDimension", .bool(keepDimension)),
      ]
    ) {
      (self - other + epsilon).norm(p, dimensions: [-1], keepDimension: keepDimension)
    }
  }
}

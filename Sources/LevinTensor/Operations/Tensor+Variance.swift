// The variance and the standard deviation.

extension Tensor {
  /// The variance of the elements along dimensions; `correction` is subtracted from their number (1 gives the sample
  /// variance).
  public func variance(
    dimensions: [Int] = [], correction: Double = 1, keepDimension: Bool = false
  ) -> Tensor {
    composed(
      "variance(dimensions:correction:)", [self],
      [.init("dimensions", .ints(dimensions)), .init("keepDimension", .bool(keepDimension))]
    ) {
      ShapeChecks.isFloatingPoint(self, for: "variance(dimensions:)")
      let count = axes(dimensions, for: "variance(dimensions:)").reduce(1) { $0 * shape[$1] }
      let deviations = self - mean(dimensions: dimensions, keepDimension: true)
      return deviations.squared().sum(dimensions: dimensions, keepDimension: keepDimension)
        / Swift.max(0, Double(count) - correction)
    }
  }

  /// The square root of ``variance(dimensions:correction:keepDimension:)``.
  public func standardDeviation(
    dimensions: [Int] = [], correction: Double = 1, keepDimension: Bool = false
  ) -> Tensor {
    composed(
      "standardDeviation(dimensions:correction:)", [self],
      [.init("dimensions", .ints(dimensions)), .init("keepDimension", .bool(keepDimension))]
    ) {
      variance(dimensions: dimensions, correction: correction, keepDimension: keepDimension).sqrt()
    }
  }
}

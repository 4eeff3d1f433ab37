import LevinTensor

// Reductions, running operations and statistics.

extension DifferentiableOperation {
  static let reductions: [Row] = [
    Row("sum()", [[2, 3]]) { $0[0].squared().sum() },
    Row("sum(dimension:keepDimension:)", [[2, 3]]) { $0[0].squared().sum(dimension: 0) },
    Row("sum(dimensions:keepDimension:dtype:)", [[2, 3, 2]]) {
      $0[0].squared().sum(dimensions: [0, -1], keepDimension: true)
    },
    Row("mean()", [[2, 3]]) { $0[0].exp().mean() },
    Row("mean(dimension:keepDimension:)", [[2, 3]]) { $0[0].exp().mean(dimension: -1) },
    Row("mean(dimensions:keepDimension:)", [[2, 3]]) { $0[0].exp().mean(dimensions: [0, 1]) },
    Row("product(dtype:)", [[2, 2]]) { $0[0].product() },
    Row("product(dimension:keepDimension:dtype:)", [[2, 3]]) { $0[0].product(dimension: 1) },
    Row("variance(dimensions:correction:keepDimension:)", [[2, 4]]) {
      $0[0].variance(dimensions: [1])
    },
    Row("standardDeviation(dimensions:correction:keepDimension:)", [[2, 4]]) {
      $0[0].standardDeviation(dimensions: [1], correction: 0)
    },
    Row("norm(_:dimensions:keepDimension:)", [[2, 3]]) { $0[0].norm() },
    Row("norm(_:dimensions:keepDimension:)", [[2, 3]]) { ($0[0] - 1).norm(3, dimensions: [0]) },
    Row("norm(_:dimensions:keepDimension:)", [[2, 3]]) {
      ($0[0] - 1).norm(0.5, dimensions: [1], keepDimension: true)
    },
    Row("norm(_:dimensions:keepDimension:)", [[2, 3]]) { $0[0].norm(.infinity, dimensions: [1]) },
    Row("norm(_:dimensions:keepDimension:)", [[2, 3]]) { $0[0].norm(0) },
    Row("logSumExp(dimensions:keepDimension:)", [[2, 3]]) { $0[0].logSumExp(dimensions: [1]) },
    Row("max()", [[4]]) { $0[0].max().exp() },
    Row("min()", [[4]]) { $0[0].min().exp() },
    Row("maximum(dimensions:keepDimension:)", [[2, 3]]) { $0[0].maximum(dimensions: [1]).exp() },
    Row("minimum(dimensions:keepDimension:)", [[2, 3]]) { $0[0].minimum(dimensions: [0]).exp() },
    Row("max(dimension:keepDimension:)", [[2, 3]]) { $0[0].max(dimension: 1).values.exp() },
    Row("min(dimension:keepDimension:)", [[2, 3]]) { $0[0].min(dimension: 1).values.exp() },
    Row("cumulativeSum(_:dtype:)", [[2, 3]]) { $0[0].squared().cumulativeSum(1) },
    Row("cumulativeProduct(_:dtype:)", [[2, 3]]) { $0[0].cumulativeProduct(1) },
    Row("maximum(dimension:keepDimension:)", [[2, 3]]) { $0[0].maximum(dimension: 1).exp() },
    Row("minimum(dimension:keepDimension:)", [[2, 3]]) { $0[0].minimum(dimension: 1).exp() },
    Row("variance(dimension:correction:keepDimension:)", [[2, 4]]) {
      $0[0].variance(dimension: 1)
    },
    Row("standardDeviation(dimension:correction:keepDimension:)", [[2, 4]]) {
      $0[0].standardDeviation(dimension: 1)
    },
    Row("norm(_:dimension:keepDimension:)", [[2, 3]]) { $0[0].norm(dimension: 1) },
    Row("logSumExp(dimension:keepDimension:)", [[2, 3]]) { $0[0].logSumExp(dimension: 1) },
    Row("nanSum(dimensions:keepDimension:dtype:)", [[2, 3]]) {
      ($0[0].squared() + Tensor([0, Double.nan, 0])).nanSum(dimensions: [1])
    },
    Row("nanMean(dimensions:keepDimension:)", [[2, 3]]) {
      ($0[0].squared() + Tensor([0, Double.nan, 0])).nanMean(dimensions: [1])
    },
  ]

  static let statistics: [Row] = [
    Row("cumulativeMaximum(_:)", [[5]]) { $0[0].cumulativeMaximum(0).values.exp() },
    Row("logCumulativeSumExp(_:)", [[5]]) { $0[0].logCumulativeSumExp(0) },
    Row("differences(order:dimension:prepending:appending:)", [[5]]) {
      $0[0].squared().differences(order: 2)
    },
    Row("trapezoid(at:dimension:)", [[5], [5]]) { $0[0].trapezoid(at: $0[1]) },
    Row("median(dimension:keepDimension:)", [[2, 3]]) { $0[0].median(dimension: 1).values.exp() },
    Row("kthValue(_:dimension:keepDimension:)", [[2, 3]]) { $0[0].kthValue(2).values.exp() },
    Row("quantile(_:dimension:keepDimension:interpolation:)", [[2, 3]]) {
      $0[0].quantile(0.3, dimension: 1).exp()
    },
    Row("covariance(correction:frequencies:weights:)", [[2, 4]]) { $0[0].covariance() },
    Row("correlation()", [[2, 4]]) { $0[0].correlation() },
    Row("cumulativeMinimum(_:)", [[5]]) { $0[0].cumulativeMinimum(0).values.exp() },
    Row("trapezoid(spacing:dimension:)", [[5]]) { $0[0].squared().trapezoid(spacing: 0.5) },
    Row("median()", [[5]]) { $0[0].median().exp() },
    Row("binCount(weights:minimumLength:)", [[3]]) {
      Tensor([0, 2, 2] as [Int64]).binCount(weights: $0[0]).squared()
    },
  ]
}

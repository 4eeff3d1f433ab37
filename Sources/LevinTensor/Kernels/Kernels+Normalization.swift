/// Kernels over contiguous `[batch, channels, …]` of float32 or float64; vectors with one number per channel are
/// contiguous float64.
extension Kernels {
  static func channelStatistics(_ x: Tensor, mean: Tensor, variance: Tensor) {
    guard x.isOnHost, mean.isOnHost, variance.isOnHost else {
      return backend(x, mean, variance).channelStatistics(
        x.operand, mean: mean.operand, variance: variance.operand)
    }
    CPU.channelStatistics(x, mean: mean, variance: variance)
  }

  /// Σ gradient and Σ gradient · (x − mean).
  static func channelCovariances(
    _ gradient: Tensor, _ x: Tensor, mean: Tensor, sums: Tensor, products: Tensor
  ) {
    guard gradient.isOnHost, x.isOnHost, mean.isOnHost, sums.isOnHost, products.isOnHost else {
      return backend(gradient, x, mean, sums, products).channelCovariances(
        gradient.operand, x.operand, mean: mean.operand, sums: sums.operand,
        products: products.operand)
    }
    CPU.channelCovariances(gradient, x, mean: mean, sums: sums, products: products)
  }

  /// `result = x · factor + shift`, or `x · factor + y · other + shift`.
  static func channelAffine(
    _ x: Tensor, _ factor: Tensor, _ y: Tensor? = nil, _ other: Tensor? = nil, shift: Tensor,
    into result: Tensor
  ) {
    guard x.isOnHost, factor.isOnHost, shift.isOnHost, result.isOnHost, y?.isOnHost ?? true,
      other?.isOnHost ?? true
    else {
      return backend(x, factor, y ?? x, other ?? factor, shift, result).channelAffine(
        x.operand, factor.operand, y?.operand, other?.operand, shift: shift.operand,
        into: result.operand)
    }
    CPU.channelAffine(x, factor, y, other, shift: shift, into: result)
  }
}

/// Normalization of rows of `columns` elements; all tensors are contiguous float32 in the host's memory.
extension Kernels {
  /// Stores the rows' statistics, which the gradients need, in `statistics` `[rows, 2]`, float64.
  static func layerNorm(
    _ x: Tensor, columns: Int, weight: Tensor?, bias: Tensor?, epsilon: Double,
    into result: Tensor, statistics: Tensor
  ) {
    CPU.layerNorm(
      x, columns: columns, weight: weight, bias: bias, epsilon: epsilon, into: result,
      statistics: statistics)
  }

  static func layerNormInputGradient(
    _ gradient: Tensor, _ x: Tensor, columns: Int, weight: Tensor?, statistics: Tensor,
    into result: Tensor
  ) {
    CPU.layerNormInputGradient(
      gradient, x, columns: columns, weight: weight, statistics: statistics, into: result)
  }

  /// Stores the gradients in `weight` and `bias`.
  static func layerNormWeightGradients(
    _ gradient: Tensor, _ x: Tensor, columns: Int, statistics: Tensor, weight: Tensor?,
    bias: Tensor?
  ) {
    CPU.layerNormWeightGradients(
      gradient, x, columns: columns, statistics: statistics, weight: weight, bias: bias)
  }
}

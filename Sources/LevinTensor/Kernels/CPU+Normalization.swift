internal import CLevinKernels
internal import LevinSystem

/// Kernels over contiguous `[batch, channels, …]` of float32 or float64; vectors with one number per channel are
/// contiguous float64.
extension CPU {
  static func channelStatistics(_ x: Tensor, mean: Tensor, variance: Tensor) {
    levin_channel_statistics(
      x.dtype.compute, channels(x), x.address, mean.elements(Double.self),
      variance.elements(Double.self))
  }

  /// Σ gradient and Σ gradient · (x − mean).
  static func channelCovariances(
    _ gradient: Tensor, _ x: Tensor, mean: Tensor, sums: Tensor, products: Tensor
  ) {
    levin_channel_covariances(
      x.dtype.compute, channels(x), gradient.address, x.address, mean.elements(Double.self),
      sums.elements(Double.self), products.elements(Double.self))
  }

  /// `result = x · factor + shift`, or `x · factor + y · other + shift`.
  static func channelAffine(
    _ x: Tensor, _ factor: Tensor, _ y: Tensor? = nil, _ other: Tensor? = nil, shift: Tensor,
    into result: Tensor
  ) {
    levin_channel_affine(
      x.dtype.compute, channels(x), x.address, factor.elements(Double.self), y?.address,
      other?.elements(Double.self), shift.elements(Double.self), result.address)
  }

  private static func channels(_ x: Tensor) -> LevinChannels {
    LevinChannels(
      batch: x.shape[0], channels: x.shape[1], points: x.shape.dropFirst(2).reduce(1, *))
  }
}

/// Normalization of rows of `columns` elements; all tensors are contiguous float32.
extension CPU {
  /// Stores the rows' statistics, which the gradients need, in `statistics` `[rows, 2]`, float64.
  static func layerNorm(
    _ x: Tensor, columns: Int, weight: Tensor?, bias: Tensor?, epsilon: Double,
    into result: Tensor, statistics: Tensor
  ) {
    levin_layer_norm(
      x.elementCount / columns, columns, x.elements(Float.self), weight?.elements(Float.self),
      bias?.elements(Float.self), epsilon, result.elements(Float.self),
      rowStatistics(statistics))
  }

  static func layerNormInputGradient(
    _ gradient: Tensor, _ x: Tensor, columns: Int, weight: Tensor?, statistics: Tensor,
    into result: Tensor
  ) {
    levin_layer_norm_input_gradient(
      x.elementCount / columns, columns, gradient.elements(Float.self), x.elements(Float.self),
      weight?.elements(Float.self), rowStatistics(statistics),
      result.elements(Float.self))
  }

  static func layerNormWeightGradients(
    _ gradient: Tensor, _ x: Tensor, columns: Int, statistics: Tensor, weight: Tensor?,
    bias: Tensor?
  ) {
    guard
      levin_layer_norm_weight_gradients(
        x.elementCount / columns, columns, gradient.elements(Float.self), x.elements(Float.self),
        rowStatistics(statistics), weight?.elements(Float.self), bias?.elements(Float.self))
    else {
      fail(
        "layerNorm(_:)", "\(x.shape), for which the system has no memory",
        expected: "less at a time")
    }
  }

  private static func rowStatistics(
    _ tensor: Tensor
  ) -> UnsafeMutablePointer<LevinRowStatistics> {
    tensor.address.assumingMemoryBound(to: LevinRowStatistics.self)
  }
}

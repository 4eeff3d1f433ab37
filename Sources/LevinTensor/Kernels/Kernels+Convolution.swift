/// The geometry of a convolution of `[batch, channels, …]` with a kernel `[out, in / groups, …]`: one number for each
/// of the one to three spatial dimensions.
package struct ConvolutionGeometry {
  package var stride: [Int]
  /// The zeros in front of the first element; those after the last one follow from the sizes.
  package var padding: [Int]
  package var dilation: [Int]
  package var groups: Int
}

extension Kernels {
  /// `result` and the weight are contiguous, `x` may have any strides; all have one dtype, which is also computed in.
  static func convolve(
    _ x: Tensor, _ weight: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry,
    into result: Tensor
  ) {
    guard x.isOnHost, weight.isOnHost, bias?.isOnHost ?? true, result.isOnHost else {
      return backend(x, weight, bias ?? result, result).convolve(
        x.operand, weight.operand, bias: bias?.operand, geometry, into: result.operand)
    }
    CPU.convolve(x, weight, bias: bias, geometry, into: result)
  }

  /// The gradient of the input, in the sizes of `result`, or the output of a transposed convolution, to which `bias`
  /// is added.
  static func convolveInputGradient(
    _ gradient: Tensor, _ weight: Tensor, bias: Tensor? = nil, _ geometry: ConvolutionGeometry,
    into result: Tensor
  ) {
    guard gradient.isOnHost, weight.isOnHost, bias?.isOnHost ?? true, result.isOnHost else {
      return backend(gradient, weight, bias ?? result, result).convolveInputGradient(
        gradient.operand, weight.operand, bias: bias?.operand, geometry, into: result.operand)
    }
    CPU.convolveInputGradient(gradient, weight, bias: bias, geometry, into: result)
  }

  /// The gradient of the weight, in the sizes of `result`; `gradient` is contiguous.
  static func convolveWeightGradient(
    _ gradient: Tensor, _ x: Tensor, _ geometry: ConvolutionGeometry, into result: Tensor
  ) {
    guard gradient.isOnHost, x.isOnHost, result.isOnHost else {
      return backend(gradient, x, result).convolveWeightGradient(
        gradient.operand, x.operand, geometry, into: result.operand)
    }
    CPU.convolveWeightGradient(gradient, x, geometry, into: result)
  }
}

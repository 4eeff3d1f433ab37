/// The geometry of a convolution of `[batch, channels, …]` with a kernel `[out, in / groups, …]`, a number for each spatial
/// dimension, of which there are one to three.
package struct ConvolutionGeometry {
  package var stride: [Int]
  /// In front of the first element; what lies behind the last one, 0 too, follows from the sizes.
  package var padding: [Int]
  package var dilation: [Int]
  package var groups: Int
}

extension Kernels {
  /// `result` is contiguous, all are of one dtype, in which is computed; so is the weight, while `x` may lie anyhow.
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

  /// The gradient of the input, of the sizes of `result`; a transposed convolution's output, to which `bias` is added.
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

  /// The gradient of the weight, of the sizes of `result`; `gradient` is contiguous.
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

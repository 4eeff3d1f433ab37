internal import CLevinKernels
internal import LevinSystem

extension ConvolutionGeometry {
  /// The geometry for C, for images and a kernel of these sizes.
  fileprivate func c(batch: Int, input: Shape, kernel: Shape, output: Shape) -> LevinConvolution {
    LevinConvolution(
      batch: batch, groups: groups, inputs: kernel[1], outputs: kernel[0] / groups,
      input: CPU.three(input.dropFirst(2), filler: 1),
      kernel: CPU.three(kernel.dropFirst(2), filler: 1),
      output: CPU.three(output.dropFirst(2), filler: 1),
      stride: CPU.three(stride, filler: 1), padding: CPU.three(padding, filler: 0),
      dilation: CPU.three(dilation, filler: 1))
  }
}

extension CPU {
  /// `result` and the weight are contiguous, `x` may have any strides; all have one dtype, which is also computed in.
  static func convolve(
    _ x: Tensor, _ weight: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry,
    into result: Tensor
  ) {
    var c = geometry.c(
      batch: x.shape[0], input: x.shape, kernel: weight.shape, output: result.shape)
    check(
      levin_convolve(x.dtype.compute, &c, images(x), weight.address, bias?.address, result.address))
  }

  /// The gradient of the input, in the sizes of `result`, or the output of a transposed convolution, to which `bias`
  /// is added.
  static func convolveInputGradient(
    _ gradient: Tensor, _ weight: Tensor, bias: Tensor? = nil, _ geometry: ConvolutionGeometry,
    into result: Tensor
  ) {
    var c = geometry.c(
      batch: gradient.shape[0], input: result.shape, kernel: weight.shape, output: gradient.shape)
    check(
      levin_convolve_input_gradient(
        gradient.dtype.compute, &c, images(gradient), weight.address, bias?.address, result.address)
    )
  }

  /// The gradient of the weight, in the sizes of `result`; `gradient` is contiguous.
  static func convolveWeightGradient(
    _ gradient: Tensor, _ x: Tensor, _ geometry: ConvolutionGeometry, into result: Tensor
  ) {
    var c = geometry.c(
      batch: x.shape[0], input: x.shape, kernel: result.shape, output: gradient.shape)
    check(
      levin_convolve_weight_gradient(
        x.dtype.compute, &c, gradient.address, images(x), result.address))
  }

  private static func check(_ isDone: Bool) {
    guard !isDone else { return }
    fail(
      "convolution", "patches for which the system has no memory", expected: "less at a time")
  }

  private static func images(_ tensor: Tensor) -> LevinImages {
    let strides = tensor.layout.allStrides
    return LevinImages(
      data: tensor.address, batch: strides[0], channel: strides[1],
      place: three(strides.dropFirst(2), filler: 0))
  }

  /// One to three numbers as three, with `filler` in front.
  fileprivate static func three(_ numbers: some Collection<Int>, filler: Int) -> (Int, Int, Int) {
    let all = [Int](repeating: filler, count: 3 - numbers.count) + numbers
    return (all[0], all[1], all[2])
  }
}

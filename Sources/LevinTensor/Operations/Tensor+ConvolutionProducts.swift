// A convolution, the gradient of its input and that of its weight are three products of the same three tensors: the
// gradients of each are the other two.

extension Tensor {
  /// Converts to the dtype that is computed in and back.
  static func computed(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor?,
    _ body: (_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor
  ) -> Tensor {
    guard !x.dtype.isComputed else { return body(x, weight.contiguous(), bias?.contiguous()) }
    let wide: DType = x.dtype.isFloatingPoint ? .float32 : .int64
    return body(x.to(wide), weight.contiguous().to(wide), bias?.contiguous().to(wide)).to(x.dtype)
  }

  /// `weight` and `bias` are contiguous.
  func convolution(
    _ weight: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry, _ output: [Int]
  ) -> Tensor {
    let result = Tensor(
      uninitialized: Shape([shape[0], weight.shape[0]] + output), dtype, like: self)
    Kernels.convolve(self, weight, bias: bias, geometry, into: result)
    guard Tape.records(self, weight) || bias.map(Tape.records) ?? false else { return result }
    let saving = Saving(self, weight, dtype: dtype)
    let (x, w) = (saving.input(0, self, for: 1), saving.input(1, weight, for: 0))
    let (input, kernel) = (Array(shape.dropFirst(2)), Array(weight.shape.dropFirst(2)))
    return result.recorded(
      GradientNode("convolution", edge, weight.edge, bias.edge) { step in
        let gradient = step.gradient
        step.give(0, gradient.inputGradient(step[w], nil, geometry, input))
        step.give(1, gradient.weightGradient(step[x], geometry, kernel))
        if bias != nil { step.give(2, gradient.sumsOfChannels()) }
      })
  }

  /// The gradient of a convolution's input, whose spatial sizes are `input`, from the gradient of its output, which
  /// is this tensor.
  func inputGradient(
    _ weight: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry, _ input: [Int]
  ) -> Tensor {
    let channels = weight.shape[1] * geometry.groups
    let result = Tensor(
      uninitialized: Shape([shape[0], channels] + input), dtype, like: self)
    Kernels.convolveInputGradient(self, weight, bias: bias, geometry, into: result)
    guard Tape.records(self, weight) || bias.map(Tape.records) ?? false else { return result }
    let saving = Saving(self, weight, dtype: dtype)
    let (dy, w) = (saving.input(0, self, for: 1), saving.input(1, weight, for: 0))
    let (output, kernel) = (Array(shape.dropFirst(2)), Array(weight.shape.dropFirst(2)))
    return result.recorded(
      GradientNode("transposed convolution", edge, weight.edge, bias.edge) { step in
        let gradient = step.gradient
        step.give(0, gradient.convolution(step[w], nil, geometry, output))
        step.give(1, step[dy].weightGradient(gradient, geometry, kernel))
        if bias != nil { step.give(2, gradient.sumsOfChannels()) }
      })
  }

  /// The gradient of a convolution's weight, whose spatial sizes are `kernel`, from the gradient of its output, which
  /// is this tensor.
  private func weightGradient(
    _ x: Tensor, _ geometry: ConvolutionGeometry, _ kernel: [Int]
  ) -> Tensor {
    let gradient = contiguous()
    let result = Tensor(
      uninitialized: Shape([shape[1], x.shape[1] / geometry.groups] + kernel), dtype, like: x)
    Kernels.convolveWeightGradient(gradient, x, geometry, into: result)
    guard Tape.records(gradient, x) else { return result }
    let saving = Saving(gradient, x, dtype: dtype)
    let (dy, input) = (saving.input(0, gradient, for: 1), saving.input(1, x, for: 0))
    let (output, sizes) = (Array(shape.dropFirst(2)), Array(x.shape.dropFirst(2)))
    return result.recorded(
      GradientNode("gradient of a convolution's weight", gradient.edge, x.edge) { step in
        let direction = step.gradient.contiguous()
        step.give(0, step[input].convolution(direction, nil, geometry, output))
        step.give(1, step[dy].inputGradient(direction, nil, geometry, sizes))
      })
  }

  /// The sums over everything but dimension 1.
  private func sumsOfChannels() -> Tensor {
    sum(dimensions: (0..<rank).filter { $0 != 1 })
  }
}

extension Tensor {
  /// The softmax along a dimension: positive numbers whose sum is 1.
  ///
  /// With `dtype` the elements are converted first; integers become floating-point numbers.
  public func softmax(dimension: Int, dtype: DType? = nil) -> Tensor {
    to(dtype ?? self.dtype.floating).softmax(
      dimension, logarithm: false, "softmax(dimension:)"
    ) { y, dy, axes in
      y * (dy - (dy * y).sum(dimensions: axes, keepDimension: true))
    }
  }

  /// The softmax of the negated elements along a dimension.
  public func softmin(dimension: Int, dtype: DType? = nil) -> Tensor {
    composed("softmin(dimension:)", [self]) { (-self).softmax(dimension: dimension, dtype: dtype) }
  }

  /// The logarithm of the softmax along a dimension.
  ///
  /// With `dtype` the elements are converted first; integers become floating-point numbers.
  public func logSoftmax(dimension: Int, dtype: DType? = nil) -> Tensor {
    to(dtype ?? self.dtype.floating).softmax(
      dimension, logarithm: true, "logSoftmax(dimension:)"
    ) { y, dy, axes in
      dy - y.exp() * dy.sum(dimensions: axes, keepDimension: true)
    }
  }

  private func softmax(
    _ dimension: Int, logarithm: Bool, _ name: StaticString,
    gradient: @escaping (_ output: Tensor, _ gradient: Tensor, _ axes: [Int]) -> Tensor
  ) -> Tensor {
    let axis = rank == 0 ? 0 : ShapeChecks.axis(dimension, of: self, for: "\(name)")
    if Tape.isObserved {
      return Observation.whole(name, [self], [.init("dimension", .int(axis))]) {
        softmax(dimension, logarithm: logarithm, name, gradient: gradient)
      }
    }
    if elementCount == 0 { return self * 1 }
    let result = withoutGradients { values(axis, logarithm: logarithm) }
    guard Tape.records(self) else { return result }
    let output = Saving(self, dtype: dtype).output(result)
    return result.recorded(
      GradientNode(name, edge) { step in
        let y = step[output]
        guard y.hasKernel, !step.createsGraph else {
          step.give(0, gradient(y, step.gradient, [axis]))
          return
        }
        let dx = Tensor(uninitialized: y.shape, .float32, on: .cpu)
        Kernels.softmaxGradient(
          step.gradient.detached().contiguous(), y.detached().contiguous(), axis: axis,
          logarithm: logarithm, into: dx)
        step.give(0, dx)
      })
  }

  /// Whether there is a kernel for the softmax.
  private var hasKernel: Bool { dtype == .float32 && rank > 0 && isOnHost }

  private func values(_ axis: Int, logarithm: Bool) -> Tensor {
    if hasKernel {
      let result = Tensor(uninitialized: shape, .float32, on: .cpu)
      Kernels.softmax(detached().contiguous(), axis: axis, logarithm: logarithm, into: result)
      return result
    }
    // Minus the largest element, so that exponentials do not overflow.
    let below = self - maximum(dimensions: [axis], keepDimension: true)
    let powers = below.exp()
    let sums = powers.sum(dimensions: [axis], keepDimension: true)
    return logarithm ? below - sums.log() : powers / sums
  }
}

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
        guard y.isRowKernel, !step.createsGraph else {
          step.give(0, gradient(y, step.gradient, [axis]))
          return
        }
        step.give(
          0,
          Self.alongRows(axis, step.gradient, y) { dy, y, result in
            Kernels.softmaxGradient(dy, y ?? dy, logarithm: logarithm, into: result)
          })
      })
  }

  /// Whether there is a kernel for the softmax of rows.
  private var isRowKernel: Bool { dtype == .float32 && rank > 0 && isOnHost }

  private func values(_ axis: Int, logarithm: Bool) -> Tensor {
    if isRowKernel {
      return Self.alongRows(axis, self, nil) { x, _, result in
        Kernels.softmax(x, logarithm: logarithm, into: result)
      }
    }
    // Minus the largest element, so that exponentials do not overflow.
    let below = self - maximum(dimensions: [axis], keepDimension: true)
    let powers = below.exp()
    let sums = powers.sum(dimensions: [axis], keepDimension: true)
    return logarithm ? below - sums.log() : powers / sums
  }

  /// Applies `body` to tensors of one shape with an axis moved last, so that their rows are contiguous.
  private static func alongRows(
    _ axis: Int, _ a: Tensor, _ b: Tensor?,
    _ body: (_ a: Tensor, _ b: Tensor?, _ result: Tensor) -> Void
  ) -> Tensor {
    let isLast = axis == a.rank - 1
    func rows(_ tensor: Tensor) -> Tensor {
      let own = tensor.detached()
      return (isLast ? own : own.movingDimensions([axis], to: [-1])).contiguous()
    }
    let first = rows(a)
    let result = Tensor(uninitialized: first.shape, .float32, on: .cpu)
    body(first, b.map(rows), result)
    return isLast ? result : result.movingDimensions([-1], to: [axis]).contiguous()
  }
}

extension Tensor {
  /// The softmax along a dimension: positive numbers whose sum is 1.
  public func softmax(dimension: Int) -> Tensor {
    softmax(dimension, logarithm: false, "softmax(dimension:)") { y, dy, axes in
      y * (dy - (dy * y).sum(dimensions: axes, keepDimension: true))
    }
  }

  /// The logarithm of the softmax along a dimension.
  public func logSoftmax(dimension: Int) -> Tensor {
    softmax(dimension, logarithm: true, "logSoftmax(dimension:)") { y, dy, axes in
      dy - y.exp() * dy.sum(dimensions: axes, keepDimension: true)
    }
  }

  private func softmax(
    _ dimension: Int, logarithm: Bool, _ name: StaticString,
    gradient: @escaping (_ output: Tensor, _ gradient: Tensor, _ axes: [Int]) -> Tensor
  ) -> Tensor {
    guard dtype.isFloatingPoint else {
      return to(.default).softmax(dimension, logarithm: logarithm, name, gradient: gradient)
    }
    if elementCount == 0 { return self * 1 }
    let isFused = dtype == .float32 && rank > 0 && isOnHost
    guard isFused else {
      let logarithms = self - logSumExp(dimensions: [dimension], keepDimension: true)
      return logarithm ? logarithms : logarithms.exp()
    }
    let axis = ShapeChecks.axis(dimension, of: self, for: "\(name)")
    let result = Self.alongRows(axis, self, nil) { x, _, result in
      Kernels.softmax(x, logarithm: logarithm, into: result)
    }
    guard Tape.records(self) else { return result }
    let output = Saving(self, dtype: dtype).output(result)
    return result.recorded(
      GradientNode(name, edge) { step in
        let y = step[output]
        guard !step.createsGraph else {
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

  /// What `body` makes of the rows of tensors of one shape along an axis, which it finds side by side.
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

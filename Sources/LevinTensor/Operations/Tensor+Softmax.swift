extension Tensor {
  /// The softmax along a dimension: positive numbers whose sum is 1.
  ///
  /// With `dtype` the elements are converted first; integers become float32.
  public func softmax(dimension: Int, dtype: DType? = nil) -> Tensor {
    let x = to(dtype ?? self.dtype.floating)
    let axes = x.axes([dimension], for: "softmax(dimension:)")
    let result = withoutGradients {
      let powers = x.belowLargest(axes).exp()
      return powers / powers.sum(dimensions: Array(axes), keepDimension: true)
    }
    guard Tape.records(x) else { return result }
    let saved = Saving(x, dtype: x.dtype).output(result)
    return result.recorded(
      GradientNode("softmax(dimension:)", x.edge) { step in
        let (y, gradient) = (step[saved], step.gradient)
        step.give(
          0, y * (gradient - (gradient * y).sum(dimensions: Array(axes), keepDimension: true)))
      })
  }

  /// The softmax of the elements' opposites along a dimension.
  public func softmin(dimension: Int, dtype: DType? = nil) -> Tensor {
    (-self).softmax(dimension: dimension, dtype: dtype)
  }

  /// The logarithm of the softmax along a dimension.
  ///
  /// With `dtype` the elements are converted first; integers become float32.
  public func logSoftmax(dimension: Int, dtype: DType? = nil) -> Tensor {
    let x = to(dtype ?? self.dtype.floating)
    let axes = x.axes([dimension], for: "logSoftmax(dimension:)")
    let result = withoutGradients {
      let below = x.belowLargest(axes)
      return below - below.exp().sum(dimensions: Array(axes), keepDimension: true).log()
    }
    guard Tape.records(x) else { return result }
    let saved = Saving(x, dtype: x.dtype).output(result)
    return result.recorded(
      GradientNode("logSoftmax(dimension:)", x.edge) { step in
        let gradient = step.gradient
        let total = gradient.sum(dimensions: Array(axes), keepDimension: true)
        step.give(0, gradient - step[saved].exp() * total)
      })
  }

  /// The elements less the largest one along `axes`, so that their exponentials do not overflow.
  private func belowLargest(_ axes: Set<Int>) -> Tensor {
    elementCount == 0 ? self : self - maximum(dimensions: Array(axes), keepDimension: true)
  }
}

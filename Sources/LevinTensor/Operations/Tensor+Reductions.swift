extension Tensor {
  /// The sum of all elements.
  public func sum() -> Tensor {
    let x = to(.float32)
    let result = Tensor(Float(Kernels.sum(x)))
    guard Tape.records(x) else { return result }
    let shape = shape
    return Tape.record(result, x) { $1?.receive(Tensor.full(shape, $0.floats[0])) }
  }

  /// The mean of all elements; NaN where there are none.
  public func mean() -> Tensor { sum() / Float(elementCount) }

  /// The sums along a dimension.
  public func sum(dimension: Int, keepDimension: Bool = false) -> Tensor {
    let axis = ShapeChecks.axis(dimension, of: self, for: "sum(dimension:)")
    let x = to(.float32)
    let (outer, size, inner) = split(at: axis)
    let result = Tensor(uninitialized: reduced(axis, keepDimension))
    if inner == 1 {
      Kernels.rowSums(x, columns: Swift.max(size, 1), into: result)
    } else {
      for i in 0..<outer {
        let block = Tensor(
          storage: x.storage, byteOffset: x.byteOffset + i * size * inner * 4,
          shape: [size, inner],
          dtype: .float32)
        let sums = Tensor(
          storage: result.storage, byteOffset: i * inner * 4, shape: [inner], dtype: .float32)
        Kernels.columnSums(block, columns: inner, into: sums)
      }
    }
    guard Tape.records(x) else { return result }
    let (before, kept) = (shape, reduced(axis, true))
    return Tape.record(result, x) {
      $1?.receive($0.reshaped(to: kept).expanded(to: before))
    }
  }

  /// The means along a dimension.
  public func mean(dimension: Int, keepDimension: Bool = false) -> Tensor {
    let axis = ShapeChecks.axis(dimension, of: self, for: "mean(dimension:)")
    return sum(dimension: axis, keepDimension: keepDimension) / Float(shape[axis])
  }

  /// The index of the largest element along `dimension`, the first of equals; int64.
  public func argmax(dimension: Int) -> Tensor {
    let axis = ShapeChecks.axis(dimension, of: self, for: "argmax(dimension:)")
    let x = to(.float32)
    let (outer, size, inner) = split(at: axis)
    guard size > 0 else {
      ShapeChecks.fail(
        "argmax(dimension:)", "shape \(shape)", expected: "a dimension that is not empty")
    }
    let result = Tensor(uninitialized: reduced(axis, false), .int64)
    if inner == 1 {
      Kernels.rowMaximum(x, columns: size, values: nil, indices: result)
    } else {
      let indices = result.rawPointer.assumingMemoryBound(to: Int64.self)
      for i in 0..<outer {
        for j in 0..<inner {
          var best = 0
          for k in 1..<Swift.max(size, 1)
          where x.floats[(i * size + k) * inner + j] > x.floats[(i * size + best) * inner + j] {
            best = k
          }
          indices[i * inner + j] = Int64(best)
        }
      }
    }
    return result
  }

  /// The largest element, a number of its own; traps for an empty tensor.
  public func max() -> Tensor {
    ShapeChecks.isNotEmpty(self, for: "max()")
    return Tensor(to(.float32).scalars(as: Float.self).max() ?? 0)
  }

  /// The smallest element, a number of its own; traps for an empty tensor.
  public func min() -> Tensor {
    ShapeChecks.isNotEmpty(self, for: "min()")
    return Tensor(to(.float32).scalars(as: Float.self).min() ?? 0)
  }

  private func split(at axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }

  private func reduced(_ axis: Int, _ keepDimension: Bool) -> Shape {
    var sizes = Array(shape)
    if keepDimension { sizes[axis] = 1 } else { sizes.remove(at: axis) }
    return Shape(sizes)
  }
}

internal import CLevinKernels
internal import LevinSystem

// The largest and the smallest elements, and their indices.

extension Tensor {
  /// The largest element; NaN if any element is NaN.
  public func max() -> Tensor { maximum() }
  /// The smallest element; NaN if any element is NaN.
  public func min() -> Tensor { minimum() }

  /// The largest elements along dimensions (PyTorch's `amax`); equally large ones share the gradient.
  ///
  /// Traps if there are no elements.
  public func maximum(dimensions: [Int] = [], keepDimension: Bool = false) -> Tensor {
    extreme(.maximum, "maximum(dimensions:)", dimensions, keepDimension)
  }

  /// The smallest elements along dimensions (PyTorch's `amin`); equally small ones share the gradient.
  ///
  /// Traps if there are no elements.
  public func minimum(dimensions: [Int] = [], keepDimension: Bool = false) -> Tensor {
    extreme(.minimum, "minimum(dimensions:)", dimensions, keepDimension)
  }

  private func extreme(
    _ op: Reduction, _ name: StaticString, _ dimensions: [Int], _ keepDimension: Bool
  ) -> Tensor {
    let axes = axes(dimensions, for: "\(name)")
    guard axes.allSatisfy({ shape[$0] > 0 }) else {
      fail("\(name)", "shape \(shape)", expected: "dimensions that are not empty")
    }
    return reduce(op, name, axes, keepDimension, dtype) { saving, result, kept in
      let (x, y) = (saving.input(0, self, for: 0), saving.output(result))
      return { step in
        let chosen = (step[x].detached() .== step[y].detached().reshaped(to: kept)).to(
          step.gradient.dtype)
        let count = chosen.sum(dimensions: Array(axes), keepDimension: true)
        step.give(0, step.gradient.reshaped(to: kept) * (chosen / count))
      }
    }
  }

  /// The largest elements along a dimension and their indices, those of the first if several are equal; NaN counts as
  /// largest.
  ///
  /// Traps if there are no elements.
  public func max(dimension: Int, keepDimension: Bool = false) -> (values: Tensor, indices: Tensor)
  {
    composed(
      "max(dimension:)", [self], [.init("dimension", .int(dimension))],
      outputs: { [$0.values, $0.indices] }
    ) {
      picked(argmax(dimension: dimension, keepDimension: true), dimension, keepDimension)
    }
  }

  /// The smallest elements along a dimension and their indices, those of the first if several are equal; NaN counts
  /// as smallest.
  ///
  /// Traps if there are no elements.
  public func min(dimension: Int, keepDimension: Bool = false) -> (values: Tensor, indices: Tensor)
  {
    composed(
      "min(dimension:)", [self], [.init("dimension", .int(dimension))],
      outputs: { [$0.values, $0.indices] }
    ) {
      picked(argmin(dimension: dimension, keepDimension: true), dimension, keepDimension)
    }
  }

  func picked(_ indices: Tensor, _ dimension: Int, _ keepDimension: Bool)
    -> (values: Tensor, indices: Tensor)
  {
    let values = rank == 0 ? self : gathered(dimension, indices)
    guard !keepDimension, rank > 0 else { return (values, indices) }
    return (values.squeezed(dimension), indices.squeezed(dimension))
  }

  /// The index of the largest element, in row-major order, or along a dimension; that of the first if several are
  /// equal; int64.
  ///
  /// Traps if there are no elements.
  public func argmax(dimension: Int? = nil, keepDimension: Bool = false) -> Tensor {
    place(largest: true, "argmax(dimension:)", dimension, keepDimension)
  }

  /// The index of the smallest element, in row-major order, or along a dimension; that of the first if several are
  /// equal; int64.
  ///
  /// Traps if there are no elements.
  public func argmin(dimension: Int? = nil, keepDimension: Bool = false) -> Tensor {
    place(largest: false, "argmin(dimension:)", dimension, keepDimension)
  }

  private func place(
    largest: Bool, _ name: StaticString, _ dimension: Int?, _ keepDimension: Bool
  ) -> Tensor {
    let axes = axes(dimension.map { [$0] } ?? [], for: "\(name)")
    if Tape.isObserved {
      return Observation.whole(name, [self], Self.attributes(axes.sorted(), keepDimension)) {
        place(largest: largest, name, dimension, keepDimension)
      }
    }
    guard axes.allSatisfy({ shape[$0] > 0 }) else {
      fail("\(name)", "shape \(shape)", expected: "a dimension that is not empty")
    }
    let result = Tensor(uninitialized: reduced(axes, true), .int64, like: self)
    Kernels.indexOfExtreme(largest: largest, self, along: axes, into: result)
    return keepDimension
      ? result : result.viewed(Layout(shape: reduced(axes, false), strides: nil, offset: 0))
  }
}

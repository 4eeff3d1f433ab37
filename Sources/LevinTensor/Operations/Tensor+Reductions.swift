internal import CLevinKernels
internal import LevinSystem

// Sums, means, products, truth. Negative `dimensions` count from the last; none means all of them.

extension Tensor {
  // MARK: Sums and products

  /// The sum of all elements; for integers and bools an int64.
  public func sum() -> Tensor { sum(dimensions: []) }

  /// The sums along a dimension.
  public func sum(dimension: Int, keepDimension: Bool = false) -> Tensor {
    sum(dimensions: [dimension], keepDimension: keepDimension)
  }

  /// The sums along dimensions; those of float32 are computed in double.
  public func sum(dimensions: [Int], keepDimension: Bool = false, dtype: DType? = nil) -> Tensor {
    let axes = axes(dimensions, for: "sum(dimensions:)")
    let before = shape
    return reduce(
      .sum, "sum(dimensions:)", axes, keepDimension, dtype ?? self.dtype.accumulating
    ) { _, _, kept in
      { step in step.give(0, step.gradient.reshaped(to: kept).expanded(to: before)) }
    }
  }

  /// The mean of all elements; NaN if there are none.
  public func mean() -> Tensor { mean(dimensions: []) }

  /// The means along a dimension.
  public func mean(dimension: Int, keepDimension: Bool = false) -> Tensor {
    mean(dimensions: [dimension], keepDimension: keepDimension)
  }

  /// The means along dimensions.
  ///
  /// Traps for integers, as in PyTorch.
  public func mean(dimensions: [Int], keepDimension: Bool = false) -> Tensor {
    composed(
      "mean(dimensions:)", [self],
      [.init("dimensions", .ints(dimensions)), .init("keepDimension", .bool(keepDimension))]
    ) {
      ShapeChecks.isFloatingPoint(self, for: "mean(dimensions:)")
      let count = axes(dimensions, for: "mean(dimensions:)").reduce(1) { $0 * shape[$1] }
      return sum(dimensions: dimensions, keepDimension: keepDimension) / count
    }
  }

  /// `log Σ exp x` along dimensions, without overflow.
  public func logSumExp(dimensions: [Int], keepDimension: Bool = false) -> Tensor {
    composed(
      "logSumExp(dimensions:)", [self],
      [.init("dimensions", .ints(dimensions)), .init("keepDimension", .bool(keepDimension))]
    ) {
      let x = dtype.isFloatingPoint ? self : to(.default)
      let axes = axes(dimensions, for: "logSumExp(dimensions:)")
      if axes.contains(where: { shape[$0] == 0 }) {
        return x.sum(dimensions: Array(axes), keepDimension: keepDimension).log()
      }
      let top = x.detached().maximum(dimensions: dimensions, keepDimension: true)
      let finite = Tensor.where(top.isFinite(), top, top.zerosLike())
      let sums = (x - finite).exp().sum(dimensions: dimensions, keepDimension: true).log() + finite
      return keepDimension
        ? sums : sums.reshaped(to: reduced(axes, false))
    }
  }

  /// The product of all elements; for integers and bools an int64.
  public func product(dtype: DType? = nil) -> Tensor {
    composed("product()", [self]) { flattened().product(dimension: 0, dtype: dtype) }
  }

  /// The products along a dimension.
  public func product(dimension: Int, keepDimension: Bool = false, dtype: DType? = nil) -> Tensor {
    if let dtype, dtype != self.dtype {
      return to(dtype).product(dimension: dimension, keepDimension: keepDimension, dtype: dtype)
    }
    if rank == 0 { return unsqueezed(0).product(dimension: 0, dtype: dtype) }
    let axis = ShapeChecks.axis(dimension, of: self, for: "product(dimension:)")
    return reduce(
      .product, "product(dimension:)", Axes(axis), keepDimension, dtype ?? self.dtype.accumulating
    ) { saving, result, kept in
      let x = saving.input(0, self, for: 0)
      return { step in
        // The product of all other elements, those before and those after, which needs no division by zero.
        let x = step[x]
        let others = x.productsBefore(axis) * x.flipped(axis).productsBefore(axis).flipped(axis)
        step.give(0, step.gradient.reshaped(to: kept) * others)
      }
    }
  }

  /// The product of the elements before each one along a dimension.
  private func productsBefore(_ axis: Int) -> Tensor {
    var sizes = Array(shape)
    sizes[axis] = Swift.min(1, sizes[axis])
    let one = Tensor.full(Shape(sizes), 1, dtype: dtype, device: device)
    let rest = narrowed(axis, start: 0, length: Swift.max(0, shape[axis] - 1))
    return Tensor.concatenated([one, rest.cumulativeProduct(axis)], dimension: axis)
  }

  /// The number of elements that are not zero, int64.
  public func countNonzero(dimensions: [Int] = []) -> Tensor {
    composed("countNonzero(dimensions:)", [self], [.init("dimensions", .ints(dimensions))]) {
      (self .!= 0).sum(dimensions: dimensions)
    }
  }

  /// Whether all elements along dimensions are true, that is, not zero; bool.
  public func all(dimensions: [Int] = [], keepDimension: Bool = false) -> Tensor {
    truth(.minimum, "all(dimensions:)", dimensions, keepDimension)
  }

  /// Whether any element along dimensions is true, that is, not zero; bool.
  public func any(dimensions: [Int] = [], keepDimension: Bool = false) -> Tensor {
    truth(.maximum, "any(dimensions:)", dimensions, keepDimension)
  }

  private func truth(
    _ op: Reduction, _ name: StaticString, _ dimensions: [Int], _ keepDimension: Bool
  ) -> Tensor {
    composed(
      name, [self],
      [.init("dimensions", .ints(dimensions)), .init("keepDimension", .bool(keepDimension))]
    ) {
      let truth = dtype == .bool ? self : self .!= 0
      let axes = axes(dimensions, for: "\(name)")
      // Of no elements, all are true and none is.
      guard axes.allSatisfy({ shape[$0] > 0 }) else {
        return Tensor.full(reduced(axes, keepDimension), op == .minimum, device: device)
      }
      let result = truth.reduce(op, name, axes, keepDimension, .bool) { _, _, _ in { _ in } }
      return dtype == .uint8 ? result.to(.uint8) : result
    }
  }

  // MARK: The common implementation

  func reduce(
    _ op: Reduction, _ name: StaticString, _ axes: Axes, _ keepDimension: Bool, _ dtype: DType,
    _ backward: (_ saving: Saving, _ result: Tensor, _ kept: Shape) -> GradientNode.Backward
  ) -> Tensor {
    if Tape.isObserved {
      let attributes = Self.attributes(axes.sorted(), keepDimension)
      return Observation.whole(name, [self], attributes) {
        reduce(op, name, axes, keepDimension, dtype, backward)
      }
    }
    let kept = reduced(axes, true)
    let full = Tensor(uninitialized: kept, dtype, like: self)
    Kernels.reduce(op, self, along: axes, into: full)
    let result =
      keepDimension
      ? full : Tensor(storage: full.storage, shape: reduced(axes, false), dtype: dtype)
    guard Tape.records(self), dtype.isFloatingPoint else { return result }
    let saving = Saving(self, dtype: dtype)
    // The gradient has this tensor's shape, and may have the result's dtype.
    return result.recorded(
      GradientNode(name, edge(fitting: shape, dtype), backward: backward(saving, result, kept)))
  }

  static func attributes(
    _ dimensions: [Int], _ keepDimension: Bool
  ) -> [OperationAttribute] {
    [
      .init("dimensions", .ints(dimensions)),
      .init("keepDimension", .bool(keepDimension)),
    ]
  }

  /// The given dimensions, counted from the first; all of them if none is given.
  func axes(_ dimensions: [Int], for operation: @autoclosure () -> String) -> Axes {
    if dimensions.isEmpty || rank == 0 { return Axes(allOf: rank) }
    var axes = Axes()
    for dimension in dimensions {
      axes.insert(ShapeChecks.axis(dimension, of: self, for: operation()))
    }
    guard axes.count == dimensions.count else {
      fail(operation(), "dimensions \(dimensions)", expected: "each dimension once")
    }
    return axes
  }

  /// The shape without the dimensions of `axes`, or with their sizes set to 1.
  func reduced(_ axes: Axes, _ keepDimension: Bool) -> Shape {
    if keepDimension { return Shape(rank: rank) { axes.contains($0) ? 1 : shape[$0] } }
    var next = 0
    return Shape(rank: rank - axes.count) { _ in
      while axes.contains(next) { next += 1 }
      defer { next += 1 }
      return shape[next]
    }
  }
}

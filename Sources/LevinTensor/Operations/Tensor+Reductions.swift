internal import CLevinKernels
internal import LevinSystem

// Sums, means, extremes. Negative `dimensions` count from the last; none means all of them.

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

  // MARK: Spread

  /// The variance of the elements along dimensions; `correction` is subtracted from their number (1 gives the sample
  /// variance).
  public func variance(
    dimensions: [Int] = [], correction: Double = 1, keepDimension: Bool = false
  ) -> Tensor {
    composed(
      "variance(dimensions:correction:)", [self],
      [.init("dimensions", .ints(dimensions)), .init("keepDimension", .bool(keepDimension))]
    ) {
      ShapeChecks.isFloatingPoint(self, for: "variance(dimensions:)")
      let count = axes(dimensions, for: "variance(dimensions:)").reduce(1) { $0 * shape[$1] }
      let deviations = self - mean(dimensions: dimensions, keepDimension: true)
      return deviations.squared().sum(dimensions: dimensions, keepDimension: keepDimension)
        / Swift.max(0, Double(count) - correction)
    }
  }

  /// The square root of ``variance(dimensions:correction:keepDimension:)``.
  public func standardDeviation(
    dimensions: [Int] = [], correction: Double = 1, keepDimension: Bool = false
  ) -> Tensor {
    composed(
      "standardDeviation(dimensions:correction:)", [self],
      [.init("dimensions", .ints(dimensions)), .init("keepDimension", .bool(keepDimension))]
    ) {
      variance(dimensions: dimensions, correction: correction, keepDimension: keepDimension).sqrt()
    }
  }

  /// The norm of order `p` along dimensions: (Σ |x|ᵖ)^(1/p); for ±infinity the largest or smallest |x|, for 0 the
  /// number of elements that are not zero.
  public func norm(_ p: Double = 2, dimensions: [Int] = [], keepDimension: Bool = false) -> Tensor {
    composed(
      "norm(_:dimensions:)", [self],
      [
        .init("p", .double(p)), .init("dimensions", .ints(dimensions)),
        .init("keepDimension", .bool(keepDimension)),
      ]
    ) {
      ShapeChecks.isFloatingPoint(self, for: "norm(_:dimensions:)")
      let size = absolute()
      switch p {
      case .infinity: return size.maximum(dimensions: dimensions, keepDimension: keepDimension)
      case -.infinity: return size.minimum(dimensions: dimensions, keepDimension: keepDimension)
      case 0:
        let isSet = withZeroGradient((self .!= 0).to(dtype), "norm(_:dimensions:)")
        return isSet.sum(dimensions: dimensions, keepDimension: keepDimension)
      case 1: return size.sum(dimensions: dimensions, keepDimension: keepDimension)
      case 2:
        return squared().sum(dimensions: dimensions, keepDimension: keepDimension).root {
          $0.sqrt()
        }
      default: return norm(of: p, dimensions, keepDimension)
      }
    }
  }

  /// (Σ |x|ᵖ)^(1/p); as in PyTorch, the gradient is 0 for elements that are 0, and for a norm of 0.
  private func norm(of p: Double, _ dimensions: [Int], _ keepDimension: Bool) -> Tensor {
    let axes = Array(axes(dimensions, for: "norm(_:dimensions:)"))
    let result = withoutGradients {
      let size = detached().absolute()
      // The norm of one element is its magnitude.
      return axes.allSatisfy { self.shape[$0] == 1 }
        ? size : size.power(p).sum(dimensions: axes, keepDimension: true).power(1 / p)
    }
    let shape = reduced(Axes(axes), keepDimension)
    guard Tape.records(self) else { return result.reshaped(to: shape) }
    let saving = Saving(self, dtype: dtype)
    let (x, y) = (saving.input(0, self, for: 0), saving.output(result))
    return result.recorded(
      GradientNode("norm(_:dimensions:)", edge) { step in
        let (x, norm) = (step[x], step[y])
        let (isZero, isNothing) = (x .== 0, norm .== 0)
        let size = x.absolute().maskedFill(isZero, with: 1).power(p - 1)
        let scale = norm.maskedFill(isNothing, with: 1).power(1 - p).maskedFill(isNothing, with: 0)
        step.give(0, x.sign() * size * step.gradient * scale)
      }
    ).reshaped(to: shape)
  }

  /// A root whose gradient at 0 is 0.
  private func root(_ function: (Tensor) -> Tensor) -> Tensor {
    guard Tape.records(self) else { return function(self) }
    let isZero = detached() .== 0
    return Tensor.where(isZero, self * 0, function(maskedFill(isZero, with: 1)))
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

  // MARK: Extremes

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

  // MARK: Running sums

  /// The sums of the elements up to each one along a dimension.
  public func cumulativeSum(_ dimension: Int, dtype: DType? = nil) -> Tensor {
    if rank == 0 { return unsqueezed(0).cumulativeSum(dimension, dtype: dtype).squeezed() }
    return scan(multiplying: false, "cumulativeSum(_:)", dimension, dtype) { _, axis in
      { step in
        step.give(0, step.gradient.flipped(axis).cumulativeSum(axis).flipped(axis))
      }
    }
  }

  /// The products of the elements up to each one along a dimension.
  public func cumulativeProduct(_ dimension: Int, dtype: DType? = nil) -> Tensor {
    if rank == 0 { return unsqueezed(0).cumulativeProduct(dimension, dtype: dtype).squeezed() }
    return scan(multiplying: true, "cumulativeProduct(_:)", dimension, dtype) { saving, axis in
      let x = saving.input(0, self, for: 0)
      return { step in
        step.give(0, step[x].cumulativeProductGradient(step.gradient, axis))
      }
    }
  }

  /// Σ over k ≥ i of dy[k] · Π over j ≤ k, j ≠ i, of x[j]: column i of a triangle of products, which is also right
  /// for zeros.
  private func cumulativeProductGradient(_ gradient: Tensor, _ axis: Int) -> Tensor {
    let size = shape[axis]
    let (x, dy) = (movingDimensions([axis], to: [-1]), gradient.movingDimensions([axis], to: [-1]))
    let columns = (0..<size).map { i -> Tensor in
      let ones = Tensor.full(
        Shape(Array(x.shape.dropLast()) + [1]), 1, dtype: dtype, device: device)
      let others = Tensor.concatenated(
        [
          x.narrowed(-1, start: 0, length: i), ones,
          x.narrowed(-1, start: i + 1, length: size - i - 1),
        ],
        dimension: -1)
      let products = others.cumulativeProduct(-1).narrowed(-1, start: i, length: size - i)
      return (products * dy.narrowed(-1, start: i, length: size - i)).sum(dimension: -1)
    }
    guard !columns.isEmpty else { return gradient.zerosLike() }
    return Tensor.stacked(columns, dimension: -1).movingDimensions([-1], to: [axis])
  }

  private func scan(
    multiplying: Bool, _ name: StaticString, _ dimension: Int, _ dtype: DType?,
    _ backward: (Saving, Int) -> GradientNode.Backward
  ) -> Tensor {
    let axis = ShapeChecks.axis(dimension, of: self, for: "\(name)")
    if Tape.isObserved {
      return Observation.whole(name, [self], [.init("dimension", .int(axis))]) {
        scan(multiplying: multiplying, name, dimension, dtype, backward)
      }
    }
    let result = Tensor(
      uninitialized: shape, dtype ?? self.dtype.accumulating, like: self)
    if elementCount > 0 { Kernels.scan(multiplying: multiplying, self, along: axis, into: result) }
    guard Tape.records(self) else { return result }
    let saving = Saving(self, dtype: result.dtype)
    return result.recorded(
      GradientNode(name, edge(fitting: shape, result.dtype), backward: backward(saving, axis)))
  }

  // MARK: The common implementation

  private func reduce(
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

  private static func attributes(
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

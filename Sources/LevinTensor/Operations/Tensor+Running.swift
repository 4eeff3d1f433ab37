internal import LevinSystem

// Running operations along a dimension: sums, products and extremes so far, differences, areas.

extension Tensor {
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

  /// The largest element so far along a dimension, and its index, that of the last if several are equal; NaN stays.
  public func cumulativeMaximum(_ dimension: Int) -> (values: Tensor, indices: Tensor) {
    composed(
      "cumulativeMaximum(_:)", [self], [.init("dimension", .int(dimension))],
      outputs: { [$0.values, $0.indices] }
    ) {
      runningExtreme(Tensor.maximum, "cumulativeMaximum(_:)", dimension)
    }
  }

  /// The smallest element so far along a dimension, and its index, that of the last if several are equal; NaN stays.
  public func cumulativeMinimum(_ dimension: Int) -> (values: Tensor, indices: Tensor) {
    composed(
      "cumulativeMinimum(_:)", [self], [.init("dimension", .int(dimension))],
      outputs: { [$0.values, $0.indices] }
    ) {
      runningExtreme(Tensor.minimum, "cumulativeMinimum(_:)", dimension)
    }
  }

  private func runningExtreme(
    _ extreme: (Tensor, Tensor) -> Tensor, _ name: String, _ dimension: Int
  ) -> (values: Tensor, indices: Tensor) {
    if rank == 0 {
      let (values, indices) = unsqueezed(0).runningExtreme(extreme, name, dimension)
      return (values.squeezed(), indices.squeezed())
    }
    let axis = ShapeChecks.axis(dimension, of: self, for: name)
    let indices = withoutGradients { () -> Tensor in
      let x = detached()
      let extremes = x.running(axis, extreme)
      var sizes = [Int](repeating: 1, count: rank)
      sizes[axis] = shape[axis]
      let places = Tensor.where(
        (x .== extremes) .| x.isNaN(),
        Tensor.arange(shape[axis], device: device).reshaped(to: Shape(sizes)),
        Tensor(.int(0), dtype: .int64))
      return places.running(axis, Tensor.maximum)
    }
    return (gathered(axis, indices), indices)
  }

  /// Combines all elements up to each one along a dimension with `joined`: runs of 1, 2, 4, … elements are combined,
  /// each with the one before it (Hillis and Steele 1986).
  private func running(_ axis: Int, _ joined: (Tensor, Tensor) -> Tensor) -> Tensor {
    var (result, run) = (self, 1)
    let size = shape[axis]
    while run < size {
      let head = result.narrowed(axis, start: 0, length: run)
      let rest = joined(
        result.narrowed(axis, start: run, length: size - run),
        result.narrowed(axis, start: 0, length: size - run))
      result = Tensor.concatenated([head, rest], dimension: axis)
      run *= 2
    }
    return result
  }

  /// `log Σ exp x` of the elements up to each one along a dimension, without overflow.
  public func logCumulativeSumExp(_ dimension: Int) -> Tensor {
    composed("logCumulativeSumExp(_:)", [self], [.init("dimension", .int(dimension))]) {
      if rank == 0 { return unsqueezed(0).logCumulativeSumExp(dimension).squeezed() }
      let axis = ShapeChecks.axis(dimension, of: self, for: "logCumulativeSumExp(_:)")
      return to(dtype.floating).running(axis) { $0.logAddExp($1) }
    }
  }

  /// The differences of neighbours along a dimension, taken `order` times, after `prepending` and `appending` are
  /// added at the ends; for bools, whether neighbours differ.
  public func differences(
    order: Int = 1, dimension: Int = -1, prepending: Tensor? = nil, appending: Tensor? = nil
  ) -> Tensor {
    composed(
      "differences()", [self, prepending, appending].compactMap { $0 },
      [.init("order", .int(order)), .init("dimension", .int(dimension))]
    ) {
      let axis = ShapeChecks.axis(dimension, of: self, for: "differences(order:dimension:)")
      guard order >= 0 else {
        fail("differences(order:dimension:)", "order \(order)", expected: "0 or more")
      }
      if order == 0 { return self }
      let parts = [prepending, self, appending].compactMap { $0 }
      let x = parts.count == 1 ? self : Tensor.concatenated(parts, dimension: axis)
      return (0..<order).reduce(x) { x, _ in
        let size = x.shape[axis]
        let count = Swift.max(0, size - 1)
        let behind = x.narrowed(axis, start: size - count, length: count)
        let before = x.narrowed(axis, start: 0, length: count)
        return dtype == .bool ? behind .!= before : behind - before
      }
    }
  }

  /// The area under the elements along a dimension by the trapezoidal rule, at distances of `spacing`.
  public func trapezoid(spacing: Double = 1, dimension: Int = -1) -> Tensor {
    composed(
      "trapezoid()", [self],
      [.init("spacing", .double(spacing)), .init("dimension", .int(dimension))]
    ) {
      let (sums, axis) = neighbourSums(dimension)
      return sums.sum(dimension: axis) * spacing / 2
    }
  }

  /// The area under the elements along a dimension by the trapezoidal rule, at the positions `x`: a vector, or one
  /// for each element.
  public func trapezoid(at x: Tensor, dimension: Int = -1) -> Tensor {
    composed("trapezoid(at:)", [self, x], [.init("dimension", .int(dimension))]) {
      let (sums, axis) = neighbourSums(dimension)
      var places = x
      if x.rank == 1 {
        var sizes = [Int](repeating: 1, count: rank)
        sizes[axis] = x.elementCount
        places = x.reshaped(to: Shape(sizes))
      }
      let widths = places.differences(dimension: axis - rank)
      return (sums * widths).sum(dimension: axis - rank) / 2
    }
  }

  private func neighbourSums(_ dimension: Int) -> (Tensor, Int) {
    let axis = ShapeChecks.axis(dimension, of: self, for: "trapezoid(dimension:)")
    let count = Swift.max(0, shape[axis] - 1)
    return (
      narrowed(axis, start: shape[axis] - count, length: count)
        + narrowed(axis, start: 0, length: count), axis
    )
  }
}

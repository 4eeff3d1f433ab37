internal import LevinSystem

// Running operations along a dimension: extremes so far, differences, areas.

extension Tensor {
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

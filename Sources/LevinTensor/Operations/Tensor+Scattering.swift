internal import LevinSystem

// Putting values into a copy: at their indices, reduced there, at one position, or in a slice.

extension Tensor {
  /// This tensor with element `(i, …, index[i, …], …)` set to `values[i, …]`, for each index along a dimension.
  public func scattered(_ dimension: Int, _ indices: Tensor, _ values: Tensor) -> Tensor {
    scatter(dimension, indices, values, adding: false, "scattered(_:_:_:)")
  }

  /// This tensor with element `(i, …, index[i, …], …)` set to a number, for each index along a dimension.
  public func scattered(_ dimension: Int, _ indices: Tensor, _ value: some TensorNumber) -> Tensor {
    let values = Tensor.full([], value, dtype: dtype, device: device).expanded(to: indices.shape)
    return scattered(dimension, indices, values)
  }

  /// This tensor with `values[i, …]` added to element `(i, …, index[i, …], …)`, for each index along a dimension.
  public func scatterAdded(_ dimension: Int, _ indices: Tensor, _ values: Tensor) -> Tensor {
    scatter(dimension, indices, values, adding: true, "scatterAdded(_:_:_:)")
  }

  private func scatter(
    _ dimension: Int, _ indices: Tensor, _ values: Tensor, adding: Bool, _ name: StaticString
  ) -> Tensor {
    composed(name, [self, indices, values], [.init("dimension", .int(dimension))]) {
      guard values.dtype == dtype else {
        fail(
          "\(name)", "values of \(values.dtype.name) for \(dtype.name)", expected: "equal dtypes",
          hint: "convert the values with to(.\(dtype))")
      }
      if rank == 0 {
        return unsqueezed(0).scatter(
          0, indices.reshaped(to: [-1]), values.reshaped(to: [-1]), adding: adding, name
        ).reshaped(to: [])
      }
      let axis = ShapeChecks.axis(dimension, of: self, for: "\(name)")
      if indices.elementCount == 0 { return cloned() }
      let part = values.leadingPart(indices.shape, "\(name)")
      let places = Self.checkedPlaces(indices, of: self, axis, "\(name)")
      return putting(part, at: offsets(along: axis, places), adding: adding, name)
    }
  }

  /// The first positions of each dimension, as many as `shape` says: the values that belong to indices of that shape.
  func leadingPart(_ shape: Shape, _ operation: String) -> Tensor {
    guard rank == shape.rank, shape.indices.allSatisfy({ shape[$0] <= self.shape[$0] }) else {
      fail(
        operation, "values of shape \(self.shape) for indices of shape \(shape)",
        expected: "as many dimensions, none smaller")
    }
    return shape.indices.reduce(self) { $0.narrowed($1, start: 0, length: shape[$1]) }
  }

  /// How several values for one element are combined.
  public enum ScatterReduction: Sendable {
    case sum, product, mean, minimum, maximum
  }

  /// This tensor with the values of `values[i, …]` at element `(i, …, index[i, …], …)` reduced, together with the element itself
  /// unless `includesSelf` is false.
  ///
  /// An element without values stays. Traps as `scattered` does.
  public func scatterReduced(
    _ dimension: Int, _ indices: Tensor, _ values: Tensor, _ reduction: ScatterReduction,
    includesSelf: Bool = true
  ) -> Tensor {
    composed(
      "scatterReduced(_:_:_:_:)", [self, indices, values],
      [.init("dimension", .int(dimension)), .init("includesSelf", .bool(includesSelf))]
    ) {
      let name: StaticString = "scatterReduced(_:_:_:_:)"
      if rank == 0 {
        return unsqueezed(0).scatterReduced(
          0, indices.reshaped(to: [-1]), values.reshaped(to: [-1]), reduction,
          includesSelf: includesSelf
        ).reshaped(to: [])
      }
      guard let (places, part) = scatterPlaces(dimension, indices, values, name) else {
        return cloned()
      }
      let offsets = places.flattened()
      let source = part.reshaped(to: [-1])
      let start =
        includesSelf
        ? flattened()
        : flattened().putting(
          Tensor(.int(0), dtype: dtype), at: offsets, adding: false, name)
      let ones = offsets.onesLike()
      let counts = Tensor.zeros([elementCount], dtype: .int64, device: device)
        .putting(ones, at: offsets, adding: true, name)
      let result: Tensor
      switch reduction {
      case .sum: result = start.putting(source, at: offsets, adding: true, name)
      case .mean:
        let sum = start.putting(source, at: offsets, adding: true, name)
        let divisor = Tensor.maximum(
          counts + (includesSelf ? 1 : 0), Tensor(.int(1), dtype: .int64))
        result =
          dtype.isFloatingPoint
          ? sum / divisor : sum.divided(by: divisor.to(dtype), rounding: .floor)
      case .product:
        let ones =
          includesSelf
          ? start
          : flattened().putting(Tensor(.int(1), dtype: dtype), at: offsets, adding: false, name)
        result = ones.multiplying(source, at: offsets)
      case .minimum, .maximum:
        result = flattened().extreme(
          reduction == .maximum, of: source, at: offsets, includesSelf, name)
      }
      return result.reshaped(to: shape)
    }
  }

  /// Each element times all values for it, in rounds in which each element has one value.
  private func multiplying(_ values: Tensor, at offsets: Tensor) -> Tensor {
    let order = withoutGradients { offsets.argsorted() }
    let runs = withoutGradients { offsets.gathered(0, order).uniqueRuns() }
    let starts = runs.counts.cumulativeSum(0) - runs.counts
    let rounds =
      Tensor.arange(offsets.elementCount, device: device) - starts.gathered(0, runs.inverse)
    let last = Int(rounds.max().item())
    return (0...last).reduce(self) { product, round in
      let chosen = order.maskedSelected(rounds .== round)
      let places = offsets.gathered(0, chosen)
      let factors = values.gathered(0, chosen) * product.gathered(0, places)
      return product.putting(factors, at: places, adding: false, "scatterReduced(_:_:_:_:)")
    }
  }

  /// The largest or smallest of the values for each element; equally extreme ones share the gradient.
  private func extreme(
    _ isLargest: Bool, of values: Tensor, at offsets: Tensor, _ includesSelf: Bool,
    _ name: StaticString
  ) -> Tensor {
    let (found, isOwn) = withoutGradients { () -> (Tensor, Tensor) in
      let (x, y) = (detached(), values.detached())
      // The last of several values for one element stays: after sorting, that is the extreme one.
      let order = y.argsorted(descending: !isLargest)
      let put = x.putting(
        y.gathered(0, order), at: offsets.gathered(0, order), adding: false, name)
      var extremes = put
      if includesSelf {
        extremes = isLargest ? Tensor.maximum(put, x) : Tensor.minimum(put, x)
      }
      if dtype.isFloatingPoint {
        let missing = Tensor.zeros(shape, dtype: .int64, device: device).putting(
          y.isNaN().to(.int64), at: offsets, adding: true, name)
        extremes = extremes.maskedFill(missing .> 0, with: Double.nan)
      }
      let touched = Tensor.full(shape, false, device: device).putting(
        Tensor(.bool(true), dtype: .bool), at: offsets, adding: false, name)
      return (extremes, (includesSelf ? x .== extremes : .!touched))
    }
    guard Tape.records(self, values) else { return found }
    return found.recorded(
      GradientNode(name, edge, values.edge) { step in
        let gradient = step.gradient
        let isChosen = (values.detached() .== found.gathered(0, offsets)).to(gradient.dtype)
        let own = isOwn.to(gradient.dtype)
        let count = own.putting(isChosen, at: offsets, adding: true, name)
        let share = gradient / Tensor.maximum(count, count.onesLike())
        step.give(0, share * own)
        step.give(1, share.gathered(0, offsets) * isChosen)
      })
  }

  /// The offsets into this tensor and the values for them; nil if there are none.
  private func scatterPlaces(
    _ dimension: Int, _ indices: Tensor, _ values: Tensor, _ name: StaticString
  ) -> (places: Tensor, values: Tensor)? {
    guard values.dtype == dtype else {
      fail(
        "\(name)", "values of \(values.dtype.name) for \(dtype.name)", expected: "equal dtypes")
    }
    let axis = ShapeChecks.axis(dimension, of: self, for: "\(name)")
    if indices.elementCount == 0 { return nil }
    let part = values.leadingPart(indices.shape, "\(name)")
    let places = Self.checkedPlaces(indices, of: self, axis, "\(name)")
    return (offsets(along: axis, places), part)
  }

  /// This tensor with `values` at position `index` of a dimension.
  public func selectScattered(_ values: Tensor, dimension: Int, index: Int) -> Tensor {
    composed(
      "selectScattered(_:dimension:index:)", [self, values],
      [.init("dimension", .int(dimension)), .init("index", .int(index))]
    ) {
      let place = selected(dimension, index)
      guard values.shape == place.shape else {
        fail(
          "selectScattered(_:dimension:index:)", "values of shape \(values.shape)",
          expected: "\(place.shape)")
      }
      let axis = ShapeChecks.axis(dimension, of: self, for: "selectScattered(_:dimension:index:)")
      var result = self
      result.set([any TensorIndex](repeating: .all, count: axis) + [index], values)
      return result
    }
  }

  /// This tensor with `values` at the positions from `start` to `end` of a dimension, `step` apart.
  public func sliceScattered(
    _ values: Tensor, dimension: Int = 0, from start: Int? = nil, to end: Int? = nil,
    by step: Int = 1
  ) -> Tensor {
    composed(
      "sliceScattered(_:)", [self, values],
      [.init("dimension", .int(dimension)), .init("step", .int(step))]
    ) {
      let axis = ShapeChecks.axis(
        dimension, of: self, for: "sliceScattered(_:dimension:from:to:by:)")
      var result = self
      result.set(
        [any TensorIndex](repeating: .all, count: axis) + [.stride(from: start, to: end, by: step)],
        values)
      return result
    }
  }
}

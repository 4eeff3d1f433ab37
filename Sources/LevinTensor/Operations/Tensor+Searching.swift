internal import LevinSystem

// Positions in sorted elements, membership in a set, runs of equal elements, distinct elements.

extension Tensor {
  /// The index at which each element would have to be inserted for `sorted` to stay sorted, int64: before equal
  /// elements, or after them.
  ///
  /// `sorted` is a vector, or has this tensor's dimensions except for the last; `order` is the indices that sort it.
  ///
  /// Traps if the shapes do not match.
  public func searchedSorted(in sorted: Tensor, behindEquals: Bool = false, order: Tensor? = nil)
    -> Tensor
  {
    composed(
      "searchedSorted(in:)", [self, sorted, order].compactMap { $0 },
      [.init("behindEquals", .bool(behindEquals))]
    ) {
      guard sorted.rank >= 1,
        sorted.rank == 1
          || Array(sorted.shape.dropLast()) == Array(shape.dropLast())
            && sorted.rank == rank
      else {
        fail(
          "searchedSorted(in:)", "shapes \(shape) and \(sorted.shape)",
          expected: "a vector, or equal dimensions but the last")
      }
      return withoutGradients { () -> Tensor in
        let dtype = DType.result(self, sorted)
        let row = order.map { sorted.detached().gathered(-1, $0) } ?? sorted.detached()
        let isVector = sorted.rank == 1
        // A scalar of the host may be looked for on any device.
        let own = rank == 0 ? detached().to(sorted.device) : detached()
        let x = (isVector ? own.flattened() : own).to(dtype)
        let edges = row.to(dtype)
        let size = edges.shape[edges.rank - 1]
        // The answer is in low...high, which is halved until one position is left.
        let last = Tensor(.int(Int64(size - 1)), dtype: .int64)
        var low = Tensor.zeros(x.shape, dtype: .int64, device: x.device)
        var high = low.fullLike(size)
        var width = size
        while width > 0 {
          let middle = (low + high).divided(by: Tensor(.int(2), dtype: .int64), rounding: .floor)
          let edge = edges.gathered(-1, Tensor.minimum(middle, last))
          // NaN comes after everything.
          let goesUp = behindEquals ? .!(edge .> x) : .!(edge .>= x)
          let isOpen = low .< high
          low = Tensor.where(isOpen .& goesUp, middle + 1, low)
          high = Tensor.where(isOpen .& .!goesUp, middle, high)
          width /= 2
        }
        return low.reshaped(to: shape)
      }
    }
  }

  /// The index of the interval between the sorted `boundaries` that each element falls into, int64; an element equal
  /// to a boundary belongs to the interval below, or with `closesLeft` to the one above.
  public func bucketized(_ boundaries: Tensor, closesLeft: Bool = false) -> Tensor {
    composed("bucketized(_:)", [self, boundaries], [.init("closesLeft", .bool(closesLeft))]) {
      guard boundaries.rank == 1 else {
        fail(
          "bucketized(_:)", "boundaries of shape \(boundaries.shape)", expected: "a vector")
      }
      return searchedSorted(in: boundaries, behindEquals: closesLeft)
    }
  }

  /// Whether each element is one of `members`; bool.
  public func isIn(_ members: Tensor) -> Tensor {
    composed("isIn(_:)", [self, members]) {
      guard members.elementCount > 0 else { return Tensor.full(shape, false, device: device) }
      return withoutGradients {
        let sorted = members.detached().flattened().sorted().values
        let places = detached().searchedSorted(in: sorted)
        let last = Tensor(.int(Int64(members.elementCount - 1)), dtype: .int64)
        return sorted.indexed([Tensor.minimum(places, last)]) .== detached()
      }
    }
  }

  /// Whether both have the same shape and the same elements; NaN equals nothing.
  public func isEqual(to other: Tensor) -> Bool {
    shape == other.shape && (self .== other).all().item() != 0
  }

  /// The first of each run of equal elements, the run that each element belongs to (in this tensor's shape), and the
  /// lengths of the runs.
  public func uniqueRuns() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    composed("uniqueRuns()", [self], outputs: { [$0.values, $0.inverse, $0.counts] }) {
      let result = withoutGradients { detached().flattened() }.uniqueRuns(dimension: 0)
      return (result.values, result.inverse.reshaped(to: shape), result.counts)
    }
  }

  /// The first of each run of equal positions along a dimension, the run that each position belongs to, and the
  /// lengths of the runs.
  public func uniqueRuns(dimension: Int) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    composed(
      "uniqueRuns(dimension:)", [self], [.init("dimension", .int(dimension))],
      outputs: { [$0.values, $0.inverse, $0.counts] }
    ) {
      let axis = ShapeChecks.axis(dimension, of: self, for: "uniqueRuns(dimension:)")
      let size = shape[axis]
      guard size > 0 else {
        let none = Tensor.zeros([0], dtype: .int64, device: device)
        return (detached(), none, none)
      }
      return withoutGradients {
        let x = detached()
        let others = (0..<rank).filter { $0 != axis }
        var differs =
          x.narrowed(axis, start: 1, length: size - 1)
          .!= x.narrowed(axis, start: 0, length: size - 1)
        if !others.isEmpty { differs = differs.any(dimensions: others) }
        let isFirst = Tensor.concatenated([Tensor.full([1], true, device: device), differs])
        let runs = isFirst.cumulativeSum(0) - 1
        let values = x.indexSelected(axis, isFirst.nonzero().flattened())
        let counts = Tensor.zeros([values.shape[axis]], dtype: .int64, device: device)
          .scatterAdded(0, runs, runs.onesLike())
        return (values, runs, counts)
      }
    }
  }

  /// The distinct elements in sorted order, the index of each element among them (in this tensor's shape), and their
  /// counts.
  public func unique() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    composed("unique()", [self], outputs: { [$0.values, $0.inverse, $0.counts] }) {
      let flat = withoutGradients { detached().flattened().contiguous() }
      guard flat.elementCount > 0 else {
        let none = Tensor.zeros([0], dtype: .int64, device: device)
        return (flat, none.reshaped(to: shape), none)
      }
      let order = flat.argsorted()
      let sorted = flat.gathered(0, order)
      let count = sorted.elementCount
      // A value is new if it differs from the one before.
      let isNew = Tensor.concatenated(
        [
          Tensor.full([1], true, device: device),
          sorted.narrowed(0, start: 1, length: count - 1)
            .!= sorted.narrowed(0, start: 0, length: count - 1),
        ])
      let numbers = isNew.cumulativeSum(0) - 1
      let values = sorted.maskedSelected(isNew)
      let inverse = Tensor.zeros([count], dtype: .int64, device: device).scattered(
        0, order, numbers)
      let counts = Tensor.zeros([values.elementCount], dtype: .int64, device: device).scatterAdded(
        0, numbers, Tensor.full([count], 1, dtype: .int64, device: device))
      return (values, inverse.reshaped(to: shape), counts)
    }
  }

  /// The distinct positions along a dimension, in lexicographic order, the index of each position among them, and
  /// their counts.
  public func unique(dimension: Int) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    composed(
      "unique(dimension:)", [self], [.init("dimension", .int(dimension))],
      outputs: { [$0.values, $0.inverse, $0.counts] }
    ) {
      let axis = ShapeChecks.axis(dimension, of: self, for: "unique(dimension:)")
      let size = shape[axis]
      guard elementCount > 0 else {
        guard size == 0 else {
          // Positions without elements are all equal.
          return (
            detached().narrowed(axis, start: 0, length: 1),
            Tensor.zeros([size], dtype: .int64, device: device),
            Tensor([Int64(size)], device: device)
          )
        }
        let none = Tensor.zeros([0], dtype: .int64, device: device)
        return (detached(), none, none)
      }
      return withoutGradients {
        // By the last key first: the sort keeps the order of equal elements.
        let rows = detached().movingDimensions([axis], to: [0]).reshaped(to: [size, -1])
        let keys = rows.transposed().contiguous()
        var order = Tensor.arange(size, device: device)
        for key in (0..<keys.shape[0]).reversed() {
          order = order.gathered(0, keys.selected(0, key).gathered(0, order).argsorted())
        }
        let runs = detached().indexSelected(axis, order).uniqueRuns(dimension: axis)
        let inverse = order.zerosLike().scattered(0, order, runs.inverse)
        return (runs.values, inverse, runs.counts)
      }
    }
  }
}

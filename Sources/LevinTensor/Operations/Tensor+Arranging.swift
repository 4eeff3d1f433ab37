internal import LevinSystem

// Adding dimensions, cutting pieces, rotating and laying out grids.

extension Tensor {
  /// This tensor with leading dimensions of size 1 added until it has `rank` dimensions; a vector becomes a row.
  public func withRank(atLeast rank: Int) -> Tensor {
    composed("withRank(atLeast:)", [self], [.init("rank", .int(rank))]) {
      let missing = Swift.max(0, rank - self.rank)
      return reshaped(to: Shape([Int](repeating: 1, count: missing) + Array(shape)))
    }
  }

  /// The tensors side by side as columns: vectors become columns first.
  public static func columnStacked(_ tensors: [Tensor]) -> Tensor {
    composed("columnStacked(_:)", tensors) {
      let parts = tensors.map { $0.rank <= 1 ? $0.reshaped(to: [$0.elementCount, 1]) : $0 }
      return joined(parts, 1, "columnStacked(_:)")
    }
  }

  /// The tensors joined along dimension 2; vectors become rows first.
  public static func depthStacked(_ tensors: [Tensor]) -> Tensor {
    composed("depthStacked(_:)", tensors) {
      let parts = tensors.map { tensor -> Tensor in
        let matrix = tensor.withRank(atLeast: 2)
        return matrix.rank == 2 ? matrix.unsqueezed(2) : matrix
      }
      return joined(parts, 2, "depthStacked(_:)")
    }
  }

  /// Splits into `count` pieces along a dimension; if the size is not a multiple, the first ones are longer by one.
  public func tensorSplit(_ count: Int, dimension: Int = 0) -> [Tensor] {
    composed(
      "tensorSplit(_:)", [self],
      [.init("count", .int(count)), .init("dimension", .int(dimension))], outputs: { $0 }
    ) {
      let axis = ShapeChecks.axis(dimension, of: self, for: "tensorSplit(_:dimension:)")
      guard count > 0 else {
        fail("tensorSplit(_:dimension:)", "\(count) pieces", expected: "1 or more")
      }
      let (size, longer) = (shape[axis] / count, shape[axis] % count)
      return split((0..<count).map { $0 < longer ? size + 1 : size }, dimension: axis)
    }
  }

  /// Splits into pieces along a dimension that end before `places`; negative ones count from the end.
  public func tensorSplit(before places: [Int], dimension: Int = 0) -> [Tensor] {
    composed(
      "tensorSplit(before:)", [self],
      [.init("places", .ints(places)), .init("dimension", .int(dimension))], outputs: { $0 }
    ) {
      let axis = ShapeChecks.axis(dimension, of: self, for: "tensorSplit(before:dimension:)")
      let size = shape[axis]
      let ends = places.map { Swift.min(Swift.max($0 < 0 ? $0 + size : $0, 0), size) }
      return zip([0] + ends, ends + [size]).map { start, end in
        sliced(axis, start: Swift.min(start, end), step: 1, count: Swift.max(0, end - start))
      }
    }
  }

  /// Splits into `count` equal pieces side by side: along dimension 1, or for vectors along dimension 0.
  ///
  /// Traps if the size is not a multiple.
  public func horizontallySplit(_ count: Int) -> [Tensor] {
    composed("horizontallySplit(_:)", [self], [.init("count", .int(count))], outputs: { $0 }) {
      equalPieces(count, rank == 1 ? 0 : 1, least: 1, "horizontallySplit(_:)")
    }
  }

  /// Splits into pieces side by side that end before `places`.
  public func horizontallySplit(before places: [Int]) -> [Tensor] {
    composed(
      "horizontallySplit(before:)", [self], [.init("places", .ints(places))], outputs: { $0 }
    ) {
      ShapeChecks.hasRank(1, self, for: "horizontallySplit(before:)")
      return tensorSplit(before: places, dimension: rank == 1 ? 0 : 1)
    }
  }

  /// Splits into `count` equal pieces one below the other, along dimension 0.
  ///
  /// Traps if the size is not a multiple, and for vectors.
  public func verticallySplit(_ count: Int) -> [Tensor] {
    composed("verticallySplit(_:)", [self], [.init("count", .int(count))], outputs: { $0 }) {
      equalPieces(count, 0, least: 2, "verticallySplit(_:)")
    }
  }

  /// Splits into pieces one below the other that end before `places`.
  public func verticallySplit(before places: [Int]) -> [Tensor] {
    composed("verticallySplit(before:)", [self], [.init("places", .ints(places))], outputs: { $0 })
    {
      ShapeChecks.hasRank(2, self, for: "verticallySplit(before:)")
      return tensorSplit(before: places, dimension: 0)
    }
  }

  private func equalPieces(_ count: Int, _ axis: Int, least: Int, _ operation: String) -> [Tensor] {
    ShapeChecks.hasRank(least, self, for: operation)
    guard count > 0, shape[axis] % count == 0 else {
      fail(
        operation, "\(count) pieces of dimension \(axis) of shape \(shape)",
        expected: "a number that divides \(shape[axis])")
    }
    return tensorSplit(count, dimension: axis)
  }

  /// The columns in reverse order.
  public func flippedLeftRight() -> Tensor {
    composed("flippedLeftRight()", [self]) {
      ShapeChecks.hasRank(2, self, for: "flippedLeftRight()")
      return flipped(1)
    }
  }

  /// The rows in reverse order.
  public func flippedUpDown() -> Tensor {
    composed("flippedUpDown()", [self]) {
      ShapeChecks.hasRank(1, self, for: "flippedUpDown()")
      return flipped(0)
    }
  }

  /// Rotates by `count` right angles in the plane of two dimensions, from the first one to the second.
  public func rotated(_ count: Int = 1, _ first: Int = 0, _ second: Int = 1) -> Tensor {
    composed(
      "rotated()", [self],
      [.init("count", .int(count)), .init("first", .int(first)), .init("second", .int(second))]
    ) {
      ShapeChecks.hasRank(2, self, for: "rotated(_:_:_:)")
      let a = ShapeChecks.axis(first, of: self, for: "rotated(_:_:_:)")
      let b = ShapeChecks.axis(second, of: self, for: "rotated(_:_:_:)")
      guard a != b else {
        fail(
          "rotated(_:_:_:)", "dimension \(a) twice of shape \(shape)", expected: "two dimensions")
      }
      return switch ((count % 4) + 4) % 4 {
      case 1: flipped(b).transposed(a, b)
      case 2: flipped(a, b)
      case 3: flipped(a).transposed(a, b)
      default: self
      }
    }
  }

  /// Matrices, in two new dimensions, with the last dimension as their diagonal, shifted by `offset`.
  public func diagonalEmbedded(offset: Int = 0, _ first: Int = -2, _ second: Int = -1) -> Tensor {
    composed(
      "diagonalEmbedded()", [self],
      [.init("offset", .int(offset)), .init("first", .int(first)), .init("second", .int(second))]
    ) {
      ShapeChecks.hasRank(1, self, for: "diagonalEmbedded(offset:_:_:)")
      let name: StaticString = "diagonalEmbedded(offset:_:_:)"
      let places = [first, second].map { $0 < 0 ? $0 + rank + 1 : $0 }
      guard places.allSatisfy({ 0...rank ~= $0 }), places[0] != places[1] else {
        fail(
          "\(name)", "dimensions \(first) and \(second) for shape \(shape)",
          expected: "two dimensions in \(-rank - 1)...\(rank)")
      }
      let size = shape[rank - 1] + Swift.abs(offset)
      var sizes = Array(shape.dropLast())
      for place in places.sorted() { sizes.insert(size, at: place) }
      return placed(in: Shape(sizes), name) { $0.diagonal(places[0], places[1], shift: offset) }
    }
  }

  /// Windows of `size` positions along a dimension, `step` apart, in a new last dimension.
  public func unfolded(_ dimension: Int, size: Int, step: Int) -> Tensor {
    composed(
      "unfolded(_:size:step:)", [self],
      [.init("dimension", .int(dimension)), .init("size", .int(size)), .init("step", .int(step))]
    ) {
      if rank == 0 { return unsqueezed(0).unfolded(dimension, size: size, step: step).squeezed(0) }
      let axis = ShapeChecks.axis(dimension, of: self, for: "unfolded(_:size:step:)")
      guard size >= 0, size <= shape[axis], step > 0 else {
        fail(
          "unfolded(_:size:step:)",
          "size \(size) and step \(step) for dimension \(axis) of \(shape)",
          expected: "a size in 0...\(shape[axis]) and a step of 1 or more")
      }
      let count = (shape[axis] - size) / step + 1
      let starts = Tensor.arange(count, device: device) * step
      let places = starts.unsqueezed(1) + Tensor.arange(size, device: device)
      let rows = movingDimensions([axis], to: [-1])
      let windows = rows.indexed([Tensor?](repeating: nil, count: rank - 1) + [places])
      return windows.movingDimensions([rank - 1], to: [axis])
    }
  }

  /// The product of each element with the whole other tensor (Kronecker product).
  public func kron(_ other: Tensor) -> Tensor {
    composed("kron(_:)", [self, other]) {
      let rank = Swift.max(rank, other.rank)
      let (a, b) = (withRank(atLeast: rank), other.withRank(atLeast: rank))
      let left = a.reshaped(to: Shape(a.shape.flatMap { [$0, 1] }))
      let right = b.reshaped(to: Shape(b.shape.flatMap { [1, $0] }))
      return (left * right).reshaped(to: Shape(zip(a.shape, b.shape).map { $0 * $1 }))
    }
  }

  /// The sum over the dimensions that broadcasting `shape` to this tensor's shape would repeat; the result has the
  /// shape `shape`.
  public func sum(to shape: Shape) -> Tensor {
    composed("sum(to:)", [self]) {
      let added = rank - shape.rank
      guard added >= 0,
        shape.indices.allSatisfy({ shape[$0] == self.shape[$0 + added] || shape[$0] == 1 })
      else {
        fail(
          "sum(to:)", "shape \(self.shape) to \(shape)",
          expected: "the same sizes, or sizes of 1, counted from the last")
      }
      return shape.rank == 0 ? sum() : summed(to: shape)
    }
  }
}

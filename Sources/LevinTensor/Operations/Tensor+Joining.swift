internal import LevinSystem

// Joining and repeating tensors.

extension Tensor {
  /// The tensors one after another along a dimension; dtypes are promoted.
  ///
  /// Traps if other sizes differ. Empty vectors are left out, as in PyTorch.
  public static func concatenated(_ tensors: [Tensor], dimension: Int = 0) -> Tensor {
    joined(tensors, dimension, "concatenated(_:dimension:)")
  }

  /// ``concatenated(_:dimension:)`` under the name of the calling operation.
  static func joined(_ tensors: [Tensor], _ dimension: Int, _ name: StaticString) -> Tensor {
    let dtype = tensors.dropFirst().reduce(tensors.first?.dtype ?? .float32) {
      $0.promoted(with: $1.dtype)
    }
    let parts = tensors.filter { $0.shape != [0] }
    guard let first = parts.first ?? tensors.first, first.rank > 0 else {
      fail(
        "\(name)", tensors.isEmpty ? "no tensors" : "a scalar, of shape []",
        expected: "tensors with dimensions", hint: "stacked(_:) joins scalars")
    }
    if parts.isEmpty { return first.to(dtype) }
    let axis = ShapeChecks.axis(dimension, of: first, for: "\(name)")
    var size = 0
    for part in parts {
      guard part.rank == first.rank else {
        fail(
          "\(name)", "shapes \(first.shape) and \(part.shape)",
          expected: "as many dimensions",
          hint: "unsqueezed(_:) adds a dimension")
      }
      for other in part.shape.indices
      where other != axis && part.shape[other] != first.shape[other] {
        fail(
          "\(name)", "shapes \(first.shape) and \(part.shape)",
          expected: "equal sizes in all dimensions but \(axis)")
      }
      size += part.shape[axis]
    }
    let shape = Shape(rank: first.rank) { $0 == axis ? size : first.shape[$0] }
    if Tape.isObserved {
      return Observation.whole(
        "concatenated(_:dimension:)", tensors, [.init("dimension", .int(axis))]
      ) { concatenated(tensors, dimension: dimension) }
    }
    let result = Tensor(
      uninitialized: shape, dtype,
      on: ShapeChecks.device(of: parts, for: "concatenated(_:dimension:)"))
    var starts: [Int] = []
    var start = 0
    let row = axis == 0 ? shape.dropFirst().reduce(1, *) : 0
    for part in parts {
      let size = part.shape[axis]
      let place =
        axis == 0
        ? Layout(shape: part.shape, strides: nil, offset: start * row)
        : result.layout.sliced(axis, start: start, step: 1, count: size)
      if part.elementCount > 0 { Kernels.copy(part, into: result.viewed(place)) }
      starts.append(start)
      start += size
    }
    guard Tape.isRecording, parts.contains(where: { $0.node != nil }) else { return result }
    let edges = parts.map { $0.edge(fitting: $0.shape, dtype) }
    let lengths = parts.map { $0.shape[axis] }
    return result.recorded(
      GradientNode(name, edges: edges) { [starts] step in
        for (index, start) in starts.enumerated() {
          step.give(
            index, step.gradient.sliced(axis, start: start, step: 1, count: lengths[index]))
        }
      })
  }

  /// The tensors, all of one shape, along a new dimension.
  public static func stacked(_ tensors: [Tensor], dimension: Int = 0) -> Tensor {
    composed("stacked(_:dimension:)", tensors, [.init("dimension", .int(dimension))]) {
      for tensor in tensors where tensor.shape != tensors[0].shape {
        fail(
          "stacked(_:dimension:)", "shapes \(tensors[0].shape) and \(tensor.shape)",
          expected: "equal shapes")
      }
      guard let first = tensors.first, -first.rank - 1...first.rank ~= dimension else {
        fail(
          "stacked(_:dimension:)", "\(tensors.count) tensors and dimension \(dimension)",
          expected: "a tensor or more, and a dimension of the result")
      }
      return joined(tensors.map { $0.unsqueezed(dimension) }, dimension, "stacked(_:dimension:)")
    }
  }

  /// The tensors side by side: along dimension 1, or for vectors along dimension 0.
  public static func horizontallyStacked(_ tensors: [Tensor]) -> Tensor {
    composed("horizontallyStacked(_:)", tensors) {
      let parts = tensors.map { $0.rank == 0 ? $0.unsqueezed(0) : $0 }
      return joined(parts, parts.first?.rank == 1 ? 0 : 1, "horizontallyStacked(_:)")
    }
  }

  /// The tensors one below the other: along dimension 0, with vectors as rows.
  public static func verticallyStacked(_ tensors: [Tensor]) -> Tensor {
    composed("verticallyStacked(_:)", tensors) {
      joined(tensors.map { $0.withRank(atLeast: 2) }, 0, "verticallyStacked(_:)")
    }
  }

  /// The whole tensor repeated `counts` times along each dimension; leading dimensions are added for extra counts.
  public func repeated(_ counts: Int...) -> Tensor { repeated(counts) }

  /// The whole tensor repeated `counts` times along each dimension; leading dimensions are added for extra counts.
  public func repeated(_ counts: [Int]) -> Tensor {
    composed("repeated(_:)", [self], [.init("counts", .ints(counts))]) {
      guard counts.count >= rank, counts.allSatisfy({ $0 >= 0 }) else {
        fail(
          "repeated(_:)", "counts \(counts) for shape \(shape)",
          expected: "a count of 0 or more for each dimension")
      }
      var result = reshaped(
        to: Shape([Int](repeating: 1, count: counts.count - rank) + Array(shape)))
      for (axis, count) in counts.enumerated() where count != 1 {
        // A new dimension is repeated, then joined with the old one.
        var sizes = Array(result.shape)
        let size = sizes[axis]
        sizes.insert(count, at: axis)
        result = result.unsqueezed(axis).expanded(to: Shape(sizes))
        sizes.remove(at: axis)
        sizes[axis] = count * size
        result = result.reshaped(to: Shape(sizes))
      }
      return result.cloned()
    }
  }

  /// Like ``repeated(_:)-6vyz1``, with missing counts of 1 (NumPy's `tile`).
  public func tiled(_ counts: [Int]) -> Tensor {
    composed("tiled(_:)", [self], [.init("counts", .ints(counts))]) {
      repeated([Int](repeating: 1, count: Swift.max(0, rank - counts.count)) + counts)
    }
  }

  /// Each element repeated `count` times in a row, along a dimension, or all elements if none is given.
  public func repeatedInterleaving(_ count: Int, dimension: Int? = nil) -> Tensor {
    let x = dimension == nil ? flattened() : self
    let size =
      x.rank == 0
      ? 1
      : x.shape[ShapeChecks.axis(dimension ?? 0, of: x, for: "repeatedInterleaving(_:dimension:)")]
    return x.repeatedInterleaving(
      Tensor([Int64](repeating: Int64(count), count: size), device: .cpu), dimension: dimension ?? 0
    )
  }

  /// Element i repeated `counts[i]` times in a row, along a dimension, or all elements if none is given.
  public func repeatedInterleaving(_ counts: Tensor, dimension: Int? = nil) -> Tensor {
    composed("repeatedInterleaving(_:dimension:)", [self, counts]) {
      let x = dimension == nil ? flattened() : self
      let counts = counts.to(.int64).flattened()
      let axis = ShapeChecks.axis(dimension ?? 0, of: x, for: "repeatedInterleaving(_:dimension:)")
      let times = counts.scalars(as: Int64.self)
      let each = times.count == 1 ? [Int64](repeating: times[0], count: x.shape[axis]) : times
      guard each.count == x.shape[axis], each.allSatisfy({ $0 >= 0 }) else {
        fail(
          "repeatedInterleaving(_:dimension:)",
          "\(times.count) counts for \(x.shape[axis]) elements",
          expected: "a count of 0 or more for each element")
      }
      let places = each.enumerated().flatMap {
        [Int64](repeating: Int64($0.offset), count: Int($0.element))
      }
      return x.indexSelected(axis, Tensor(places, device: device))
    }
  }

  /// The elements shifted along dimensions by `shifts`; those that leave at one end enter at the other.
  public func rolled(_ shifts: [Int], dimensions: [Int] = []) -> Tensor {
    guard !shifts.isEmpty, dimensions.isEmpty ? shifts.count == 1 : shifts.count == dimensions.count
    else {
      fail(
        "rolled(_:dimensions:)", "shifts \(shifts) for dimensions \(dimensions) of shape \(shape)",
        expected: "a shift for each dimension, or one without dimensions")
    }
    return composed("rolled(_:dimensions:)", [self], [.init("shifts", .ints(shifts))]) {
      if dimensions.isEmpty {
        return flattened().rolled(shifts, dimensions: [0]).reshaped(to: shape)
      }
      return zip(shifts, dimensions).reduce(self) { rolled, move in
        let axis = ShapeChecks.axis(move.1, of: self, for: "rolled(_:dimensions:)")
        let size = shape[axis]
        guard size > 0 else { return rolled }
        let start = ((-move.0 % size) + size) % size
        guard start != 0 else { return rolled }
        return Tensor.concatenated(
          [
            rolled.sliced(axis, start: start, step: 1, count: size - start),
            rolled.sliced(axis, start: 0, step: 1, count: start),
          ], dimension: axis)
      }
    }
  }

  /// The elements of the last two dimensions on and below the diagonal, shifted by `diagonal`; 0 above it.
  public func lowerTriangle(diagonal: Int = 0) -> Tensor {
    triangle("lowerTriangle(diagonal:)") { $0 .>= $1 - diagonal }
  }

  /// The elements of the last two dimensions on and above the diagonal, shifted by `diagonal`; 0 below it.
  public func upperTriangle(diagonal: Int = 0) -> Tensor {
    triangle("upperTriangle(diagonal:)") { $0 .<= $1 - diagonal }
  }

  private func triangle(_ name: StaticString, _ isKept: (Tensor, Tensor) -> Tensor) -> Tensor {
    composed(name, [self]) {
      guard rank >= 2 else {
        fail("\(name)", "shape \(shape)", expected: "two dimensions or more")
      }
      let rows = Tensor.arange(shape[rank - 2], device: device).unsqueezed(1)
      let columns = Tensor.arange(shape[rank - 1], device: device)
      return Tensor.where(isKept(rows, columns), self, Tensor(.int(0), dtype: dtype))
    }
  }

  /// The diagonal of a matrix, or a matrix with this vector as its diagonal.
  ///
  /// Traps for other ranks.
  public func diag(_ offset: Int = 0) -> Tensor {
    guard 1...2 ~= rank else {
      fail("diag(_:)", "shape \(shape)", expected: "a vector or a matrix")
    }
    guard rank == 1 else { return diagonal(offset: offset) }
    let size = shape[0] + Swift.abs(offset)
    let whole: Shape = [size, size]
    return placed(in: whole, "diag(_:)") { $0.diagonal(0, 1, shift: offset) }
  }

  /// The dimension of a grid along which the first vector runs.
  public enum GridIndexing: Sendable {
    /// The first dimension, as rows of a matrix do.
    case ij
    /// The second dimension, as x does in a picture.
    case xy
  }

  /// Grids of the coordinates in `vectors`: one tensor for each, whose sizes are the lengths of the vectors.
  public static func meshGrid(_ vectors: [Tensor], indexing: GridIndexing = .ij) -> [Tensor] {
    composed("meshGrid(_:indexing:)", vectors, outputs: { $0 }) {
      let swaps = indexing == .xy && vectors.count >= 2
      var ordered = vectors.map { $0.rank == 0 ? $0.unsqueezed(0) : $0 }
      if swaps { ordered.swapAt(0, 1) }
      let shape = Shape(ordered.map { $0.shape[0] })
      var grids = ordered.enumerated().map { index, vector in
        var sizes = [Int](repeating: 1, count: ordered.count)
        sizes[index] = vector.shape[0]
        return vector.reshaped(to: Shape(sizes)).expanded(to: shape)
      }
      if swaps { grids.swapAt(0, 1) }
      return grids
    }
  }
}

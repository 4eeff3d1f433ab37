internal import LevinSystem

// Taking whole positions of a dimension at a vector of indices, and putting values there.

extension Tensor {
  /// The positions of a dimension at `indices` (a vector).
  public func indexSelected(_ dimension: Int, _ indices: Tensor) -> Tensor {
    composed("indexSelected(_:_:)", [self, indices], [.init("dimension", .int(dimension))]) {
      guard indices.rank <= 1 else {
        fail(
          "indexSelected(_:_:)", "indices of shape \(indices.shape)", expected: "a vector")
      }
      if rank == 0 { return unsqueezed(0).indexSelected(0, indices).reshaped(to: []) }
      let axis = ShapeChecks.axis(dimension, of: self, for: "indexSelected(_:_:)")
      let rows = Self.checked(
        indices.reshaped(to: [-1]), size: shape[axis], "indexSelected(_:_:)", negative: false)
      guard axis == 0, rank > 1, isContiguous, elementCount > 0, isOnHost, rows.isOnHost else {
        return taken(at: rowOffsets(axis, rows), "indexSelected(_:_:)")
      }
      let result = Tensor(
        uninitialized: Shape(rank: rank) { $0 == 0 ? rows.elementCount : shape[$0] }, dtype,
        like: self)
      Kernels.takeRows(self, at: rows, into: result)
      guard Tape.records(self) else { return result }
      let whole = detached()
      return result.recorded(
        GradientNode("indexSelected(_:_:)", edge) { step in
          step.give(
            0,
            whole.zerosLike().putting(
              step.gradient, at: whole.rowOffsets(0, rows), adding: true, "indexSelected(_:_:)"))
        })
    }
  }

  /// Offsets of all elements at positions `rows` of dimension `axis`.
  private func rowOffsets(_ axis: Int, _ rows: Tensor) -> Tensor {
    var sizes = Array(shape)
    sizes[axis] = rows.elementCount
    var own = [Int](repeating: 1, count: rank)
    own[axis] = rows.elementCount
    return offsets(along: axis, rows.reshaped(to: Shape(own)).expanded(to: Shape(sizes)))
  }

  /// This tensor with position i of `values`, times `alpha`, added to position `indices[i]` of a dimension.
  public func indexAdded(
    _ dimension: Int, _ indices: Tensor, _ values: Tensor, alpha: some TensorNumber = 1
  ) -> Tensor {
    composed("indexAdded(_:_:_:)", [self, indices, values], [.init("dimension", .int(dimension))]) {
      indexPutting(
        dimension, indices, (values * alpha).to(dtype), adding: true, "indexAdded(_:_:_:)")
    }
  }

  /// This tensor with `values` put, or added, at the positions `indices` of a dimension; a scalar is repeated.
  func indexPutting(
    _ dimension: Int, _ indices: Tensor, _ values: Tensor, adding: Bool, _ name: StaticString
  ) -> Tensor {
    if rank == 0 {
      return unsqueezed(0).indexPutting(0, indices, values, adding: adding, name).reshaped(to: [])
    }
    let axis = ShapeChecks.axis(dimension, of: self, for: "\(name)")
    let rows = Self.checked(
      indices.reshaped(to: [-1]), size: shape[axis], "\(name)", negative: false)
    let offsets = rowOffsets(axis, rows)
    guard values.rank == 0 || values.shape == offsets.shape, values.dtype == dtype else {
      fail(
        "\(name)",
        "values of shape \(values.shape) and \(values.dtype.name) for \(shape) of \(dtype.name)",
        expected: "values of shape \(offsets.shape) and \(dtype.name)")
    }
    return putting(values, at: offsets, adding: adding, name)
  }

  /// This tensor with positions `indices` of a dimension replaced by those of `values`.
  public func indexCopied(_ dimension: Int, _ indices: Tensor, _ values: Tensor) -> Tensor {
    composed("indexCopied(_:_:_:)", [self, indices, values], [.init("dimension", .int(dimension))])
    {
      indexPutting(dimension, indices, values, adding: false, "indexCopied(_:_:_:)")
    }
  }

  /// This tensor with `value` at the positions `indices` of a dimension.
  public func indexFilled(_ dimension: Int, _ indices: Tensor, with value: some TensorNumber)
    -> Tensor
  {
    indexFilled(dimension, indices, with: Tensor(value.number, dtype: dtype))
  }

  /// This tensor with a scalar tensor's value at the positions `indices` of a dimension.
  public func indexFilled(_ dimension: Int, _ indices: Tensor, with value: Tensor) -> Tensor {
    composed(
      "indexFilled(_:_:with:)", [self, indices, value], [.init("dimension", .int(dimension))]
    ) {
      guard value.rank == 0 else {
        fail(
          "indexFilled(_:_:with:)", "a value of shape \(value.shape)", expected: "a scalar")
      }
      // Each position counts once in the gradient.
      return indexPutting(
        dimension, indices.unique().values, value.to(dtype), adding: false, "indexFilled(_:_:with:)"
      )
    }
  }
}

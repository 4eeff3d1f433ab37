internal import LevinSystem

// Taking an element for each index along a dimension.

extension Tensor {
  /// Element `(i, …, index[i, …], …)`, for each index along a dimension; the result has the shape of `indices`.
  ///
  /// `indices` are int64 and in no other dimension larger than this tensor (traps otherwise).
  public func gathered(_ dimension: Int, _ indices: Tensor) -> Tensor {
    composed("gathered(_:_:)", [self, indices], [.init("dimension", .int(dimension))]) {
      if indices.elementCount == 0 {
        return flattened().narrowed(0, start: 0, length: 0).reshaped(to: indices.shape)
      }
      if rank == 0 {
        return unsqueezed(0).gathered(0, indices.reshaped(to: [-1])).reshaped(to: indices.shape)
      }
      let axis = ShapeChecks.axis(dimension, of: self, for: "gathered(_:_:)")
      let places = Self.checkedPlaces(indices, of: self, axis, "gathered(_:_:)")
      return taken(at: offsets(along: axis, places), "gathered(_:_:)")
    }
  }

  static func checkedPlaces(
    _ indices: Tensor, of whole: Tensor, _ axis: Int, _ operation: String
  ) -> Tensor {
    if indices.elementCount == 0 {
      return Tensor.zeros(
        indices.rank == whole.rank ? indices.shape : Shape(whole.shape.map { _ in 0 }),
        dtype: .int64, device: whole.device)
    }
    guard indices.rank == whole.rank,
      indices.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= whole.shape[$0] })
    else {
      fail(
        operation, "indices of shape \(indices.shape) for shape \(whole.shape)",
        expected: "as many dimensions, none larger but dimension \(axis)")
    }
    return checked(indices, size: whole.shape[axis], operation, negative: false)
  }

  /// The elements at `indices`, which broadcast except along `dimension`; without one, of the elements in row-major
  /// order.
  public func taken(_ indices: Tensor, dimension: Int? = nil) -> Tensor {
    composed("taken(_:)", [self, indices]) {
      guard let dimension else { return flattened().gathered(0, indices.flattened()) }
      let axis = ShapeChecks.axis(dimension, of: self, for: "taken(_:dimension:)")
      let indices = Self.checked(indices, size: shape[axis], "taken(_:dimension:)", negative: true)
      guard indices.rank == rank else {
        fail(
          "taken(_:dimension:)", "indices of shape \(indices.shape) for shape \(shape)",
          expected: "as many dimensions")
      }
      var (own, other) = (Array(shape), Array(indices.shape))
      (own[axis], other[axis]) = (1, 1)
      let common = ShapeChecks.broadcast(Shape(own), Shape(other), for: "taken(_:dimension:)")
      (own, other) = (Array(common), Array(common))
      (own[axis], other[axis]) = (shape[axis], indices.shape[axis])
      return expanded(to: Shape(own)).gathered(axis, indices.expanded(to: Shape(other)))
    }
  }
}

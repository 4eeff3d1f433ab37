internal import LevinSystem

// Sorting along a dimension.

extension Tensor {
  /// The elements sorted along a dimension, and their original indices; equal ones keep their order, and NaN counts
  /// as largest.
  public func sorted(dimension: Int = -1, descending: Bool = false) -> (
    values: Tensor, indices: Tensor
  ) {
    composed(
      "sorted(dimension:descending:)", [self],
      [.init("dimension", .int(dimension)), .init("descending", .bool(descending))],
      outputs: { [$0.values, $0.indices] }
    ) {
      let indices = argsorted(dimension: dimension, descending: descending)
      return (rank == 0 ? self : gathered(dimension, indices), indices)
    }
  }

  /// The indices that sort the elements along a dimension; int64.
  public func argsorted(dimension: Int = -1, descending: Bool = false) -> Tensor {
    composed(
      "argsorted(dimension:descending:)", [self],
      [.init("dimension", .int(dimension)), .init("descending", .bool(descending))]
    ) {
      if rank == 0 { return Tensor.zeros([], dtype: .int64, device: device) }
      let axis = ShapeChecks.axis(dimension, of: self, for: "sorted(dimension:)")
      return argsorted(axis, descending, first: shape[axis])
    }
  }

  /// The indices of the first `count` elements in sorted order along an axis.
  private func argsorted(_ axis: Int, _ descending: Bool, first count: Int) -> Tensor {
    withoutGradients {
      let rows = detached().movingDimensions([axis], to: [-1]).contiguous()
      let result = Tensor(
        uninitialized: Shape(Array(rows.shape.dropLast()) + [count]), .int64, like: rows)
      Kernels.argsort(rows, descending: descending, into: result)
      return result.movingDimensions([-1], to: [axis]).contiguous()
    }
  }

  /// The `count` largest (or smallest) elements along a dimension, sorted, and their indices.
  public func topK(_ count: Int, dimension: Int = -1, largest: Bool = true) -> (
    values: Tensor, indices: Tensor
  ) {
    composed(
      "topK(_:dimension:largest:)", [self],
      [
        .init("count", .int(count)), .init("dimension", .int(dimension)),
        .init("largest", .bool(largest)),
      ],
      outputs: { [$0.values, $0.indices] }
    ) {
      if rank == 0 { return (self, Tensor.zeros([], dtype: .int64, device: device)) }
      let axis = ShapeChecks.axis(dimension, of: self, for: "topK(_:dimension:)")
      guard count >= 0, count <= shape[axis] else {
        fail(
          "topK(_:dimension:)", "\(count) of \(shape[axis]) elements",
          expected: "0...\(shape[axis])")
      }
      let indices = argsorted(axis, largest, first: count)
      return (gathered(axis, indices), indices)
    }
  }
}

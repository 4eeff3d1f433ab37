internal import LevinSystem

// The same elements in another shape, in the same memory if the layout allows it.

extension Tensor {
  /// The same elements, in row-major order, in another shape; one size may be -1, and is then computed.
  ///
  /// Shares memory if the layout allows it.
  public func reshaped(to shape: Shape) -> Tensor {
    let shape = ShapeChecks.resolve(shape, for: self)
    if shape == self.shape { return self }
    let before = self.shape
    guard let layout = layout.reshaped(to: shape) else {
      return contiguous().reshaped(to: shape)
    }
    return view(layout, "reshaped(to:)") { $0.reshaped(to: before) }
  }

  /// The dimensions from `start` through `end` joined into one.
  public func flattened(from start: Int = 0, through end: Int = -1) -> Tensor {
    composed("flattened(from:through:)", [self]) {
      if rank == 0 { return reshaped(to: [1]) }
      let first = ShapeChecks.axis(start, of: self, for: "flattened(from:through:)")
      let last = ShapeChecks.axis(end, of: self, for: "flattened(from:through:)")
      guard first <= last else {
        fail(
          "flattened(from:through:)", "dimensions \(start) and \(end)",
          expected: "a first one that is not behind the last one")
      }
      let size = shape[first...last].reduce(1, *)
      return reshaped(to: Shape(Array(shape[..<first]) + [size] + Array(shape[(last + 1)...])))
    }
  }

  /// One dimension split into several; one of `sizes` may be -1.
  public func unflattened(_ dimension: Int, into sizes: [Int]) -> Tensor {
    let axis = ShapeChecks.axis(dimension, of: self, for: "unflattened(_:into:)")
    let known = sizes.filter { $0 != -1 }.reduce(1, *)
    let sizes = sizes.map { $0 == -1 && known > 0 ? shape[axis] / known : $0 }
    guard sizes.reduce(1, *) == shape[axis] else {
      fail(
        "unflattened(_:into:)", "sizes \(sizes) for dimension \(axis) of shape \(shape)",
        expected: "sizes whose product is \(shape[axis])")
    }
    return reshaped(to: Shape(Array(shape[..<axis]) + sizes + Array(shape[(axis + 1)...])))
  }

  /// The elements repeated, without copying, along sizes of 1 and along new leading dimensions to the shape `shape`;
  /// a size of -1 stays.
  public func expanded(to shape: Shape) -> Tensor {
    let added = shape.rank - rank
    var sizes = Array(shape)
    for axis in sizes.indices where sizes[axis] == -1 && axis >= added {
      sizes[axis] = self.shape[axis - added]
    }
    let shape = Shape(sizes)
    guard added >= 0,
      self.shape.indices.allSatisfy({
        self.shape[$0] == shape[$0 + added] || self.shape[$0] == 1
      })
    else {
      fail(
        "expanded(to:)", "shape \(self.shape) to \(shape)",
        expected: "the same sizes, or sizes of 1, counted from the last")
    }
    if shape == self.shape { return self }
    let before = self.shape
    return view(layout.expanded(to: shape), "expanded(to:)") { $0.summed(to: before) }
  }

  /// The tensors expanded to the shape that all of them broadcast to.
  public static func broadcast(_ tensors: [Tensor]) -> [Tensor] {
    let shape = tensors.dropFirst().reduce(tensors.first?.shape ?? []) {
      ShapeChecks.broadcast($0, $1.shape, for: "broadcast(_:)")
    }
    return tensors.map { $0.expanded(to: shape) }
  }

  /// The tensor without dimensions of size 1, or without those of `dimensions` that have size 1.
  public func squeezed(_ dimensions: Int...) -> Tensor { squeezed(dimensions) }

  /// The tensor without dimensions of size 1, or without those of `dimensions` that have size 1.
  public func squeezed(_ dimensions: [Int]) -> Tensor {
    let axes =
      dimensions.isEmpty
      ? Array(0..<rank)
      : rank == 0 ? [] : dimensions.map { ShapeChecks.axis($0, of: self, for: "squeezed(_:)") }
    let removed = Axes(axes.filter { shape[$0] == 1 })
    if removed.count == 0 { return self }
    let before = shape
    return view(layout.removing(removed), "squeezed(_:)") { $0.reshaped(to: before) }
  }

  /// The tensor with a new dimension of size 1 at index `dimension` of the result.
  public func unsqueezed(_ dimension: Int) -> Tensor {
    let axis = dimension < 0 ? dimension + rank + 1 : dimension
    guard axis >= 0, axis <= rank else {
      fail(
        "unsqueezed(_:)", "dimension \(dimension) for shape \(shape)",
        expected: "a place in \(-rank - 1)...\(rank)")
    }
    let before = shape
    return view(layout.inserting(axis), "unsqueezed(_:)") { $0.reshaped(to: before) }
  }
}

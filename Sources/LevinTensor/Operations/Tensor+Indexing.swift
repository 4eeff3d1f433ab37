internal import LevinSystem

// Taking elements at tensors of indices, and putting elements there.
//
// Every form has two steps: computing the offsets of the elements in memory, and then taking them from there or
// putting them there.

extension Tensor {
  /// The elements at `offsets` (int64) of this tensor in row-major order; the result has the shape of `offsets`.
  func taken(at offsets: Tensor, _ name: StaticString) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [self, offsets]) { taken(at: offsets, name) }
    }
    let (source, places) = (contiguous(), offsets.contiguous())
    let result = Tensor(uninitialized: offsets.shape, dtype, like: self)
    Kernels.take(source, at: places, into: result)
    guard Tape.records(source) else { return result }
    let whole = shape
    return result.recorded(
      GradientNode(name, source.edge) { step in
        step.give(
          0,
          Tensor.zeros(whole, dtype: step.gradient.dtype, device: step.gradient.device).putting(
            step.gradient, at: places, adding: true, name))
      })
  }

  /// This tensor with `values` at `offsets` (int64) of its row-major order; with `adding`, they are added there.
  ///
  /// Without `adding`, the last of several values for one element stays.
  func putting(_ values: Tensor, at offsets: Tensor, adding: Bool, _ name: StaticString) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [self, offsets, values]) {
        putting(values, at: offsets, adding: adding, name)
      }
    }
    // A scalar of the host is repeated on the device of the others.
    let repeated = (values.rank == 0 ? values.to(device) : values).expanded(to: offsets.shape)
    let (places, source) = (offsets.contiguous(), repeated.contiguous())
    let result = copied()
    Kernels.put(source, at: places, into: result, adding: adding)
    guard Tape.records(self, source) else { return result }
    return result.recorded(
      GradientNode(name, edge, source.edge) { step in
        let gradient = step.gradient
        if adding {
          step.give(0, gradient)
        } else {
          let zeros = Tensor.zeros(
            places.shape, dtype: gradient.dtype, device: gradient.device)
          step.give(0, gradient.putting(zeros, at: places, adding: false, name))
        }
        step.give(1, gradient.taken(at: places, name))
      })
  }

  /// Offsets of the elements whose index along `axis` is given by `indices`, and whose other indices are their own
  /// position in `indices`.
  func offsets(along axis: Int, _ indices: Tensor) -> Tensor {
    let strides = Layout.rowMajor(shape)
    var offsets = strides[axis] == 1 ? indices : indices * strides[axis]
    for other in 0..<rank where other != axis && indices.shape[other] > 1 {
      var sizes = [Int](repeating: 1, count: rank)
      sizes[other] = indices.shape[other]
      offsets =
        offsets
        + (Tensor.arange(sizes[other], device: indices.device) * strides[other]).reshaped(
          to: Shape(sizes))
    }
    return offsets
  }

  /// Indices of a dimension of `size`, with negative ones counted from the end.
  static func checked(_ indices: Tensor, size: Int, _ operation: String, negative: Bool)
    -> Tensor
  {
    guard indices.dtype == .int64 || indices.dtype == .int32 else {
      fail(
        operation, "indices of \(indices.dtype.name)", expected: "int64 or int32")
    }
    let wide = withoutGradients { indices.to(.int64).contiguous() }
    guard wide.elementCount > 0 else { return wide }
    let bounds = Kernels.bounds(ofIndices: wide)
    let (least, most) = (bounds.lowerBound, bounds.upperBound)
    guard least >= (negative ? -size : 0), most < size else {
      fail(
        operation, "index \(most >= size ? most : least) for a dimension of size \(size)",
        expected: "an index in \(negative ? -size : 0)..<\(size)")
    }
    return least < 0 ? Tensor.where(wide .< 0, wide + size, wide) : wide
  }

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

  /// The elements where the mask (bool, of a shape that broadcasts) is true, as a vector.
  public func maskedSelected(_ mask: Tensor) -> Tensor {
    composed("maskedSelected(_:)", [self, mask]) {
      ShapeChecks.dtype(of: mask, is: .bool, for: "maskedSelected(_:)")
      let shape = ShapeChecks.broadcast(self.shape, mask.shape, for: "maskedSelected(_:)")
      let places = mask.expanded(to: shape).flattened().nonzero().reshaped(to: [-1])
      return expanded(to: shape).taken(at: places, "maskedSelected(_:)")
    }
  }

  /// The indices of the elements that are not zero, `[count, rank]`, int64, in row-major order.
  public func nonzero() -> Tensor {
    composed("nonzero()", [self]) {
      let isSet = withoutGradients { dtype == .bool ? self : self .!= 0 }.scalars(as: Bool.self)
      let strides = Layout.rowMajor(shape)
      var indices: [Int64] = []
      for (place, isSet) in isSet.enumerated() where isSet {
        for axis in 0..<rank { indices.append(Int64(place / strides[axis] % shape[axis])) }
      }
      let count = rank == 0 ? isSet.filter { $0 }.count : indices.count / Swift.max(rank, 1)
      return Tensor(indices, shape: [count, rank], device: device)
    }
  }

  /// The elements at the positions that `indices` give together: one tensor (int64, or a bool mask) for each leading
  /// dimension, nil for all positions of one.
  ///
  /// The indices may be on another device, as in PyTorch. They broadcast to one shape, which replaces their
  /// dimensions if these are adjacent, and otherwise comes first, as in PyTorch.
  public func indexed(_ indices: [Tensor?]) -> Tensor {
    composed("indexed(_:)", [self] + indices.compactMap { $0 }) {
      let offsets = placesNamed(by: indices, "indexed(_:)")
      return taken(at: offsets, "indexed(_:)")
    }
  }

  /// This tensor with `values`, which broadcast, at the positions that `indices` give; with `accumulate` they are
  /// added.
  public func indexPut(_ indices: [Tensor?], _ values: Tensor, accumulate: Bool = false) -> Tensor {
    composed("indexPut(_:_:accumulate:)", [self] + indices.compactMap { $0 } + [values]) {
      guard values.dtype == dtype else {
        fail(
          "indexPut(_:_:)", "values of \(values.dtype.name) for \(dtype.name)",
          expected: "equal dtypes")
      }
      let offsets = placesNamed(by: indices, "indexPut(_:_:)")
      return putting(values, at: offsets, adding: accumulate, "indexPut(_:_:)")
    }
  }

  private func placesNamed(by indices: [Tensor?], _ operation: String) -> Tensor {
    // A mask is replaced by the indices of its true elements, one tensor for each of its dimensions.
    var lists: [Tensor?] = []
    for index in indices.map({ $0?.to(device) }) {
      guard let index, index.dtype == .bool || index.dtype == .uint8 else {
        lists.append(index)
        continue
      }
      let start = lists.count
      guard start + index.rank <= rank,
        index.shape.indices.allSatisfy({ index.shape[$0] == shape[start + $0] })
      else {
        fail(
          operation, "a mask of shape \(index.shape) for shape \(shape)",
          expected: "the sizes of the dimensions that it stands for")
      }
      lists += index.nonzero().unbound(1).map { $0 }
    }
    guard lists.count <= rank else {
      fail(
        operation, "\(lists.count) indices for shape \(shape)", expected: "at most \(rank)")
    }
    let strides = Layout.rowMajor(shape)
    let named = lists.indices.filter { lists[$0] != nil }
    var sum = Tensor(.int(0), dtype: .int64)
    for axis in named {
      guard let list = lists[axis] else { continue }
      sum = sum + Self.checked(list, size: shape[axis], operation, negative: true) * strides[axis]
    }
    // Adjacent indices replace their dimensions; otherwise their dimensions come first.
    let isOneRun = named.isEmpty || named == Array(named[0]...named[named.count - 1])
    let rest = (0..<rank).filter { !named.contains($0) }
    let before = isOneRun ? rest.filter { $0 < named.first ?? 0 } : []
    let after = rest.filter { !before.contains($0) }
    let sizes = before.map { shape[$0] } + Array(sum.shape) + after.map { shape[$0] }
    var offsets = sum.reshaped(
      to: Shape(Array(sum.shape) + [Int](repeating: 1, count: after.count)))
    for (place, axis) in after.enumerated() {
      var own = [Int](repeating: 1, count: after.count)
      own[place] = shape[axis]
      offsets =
        offsets
        + (Tensor.arange(shape[axis], device: device) * strides[axis]).reshaped(to: Shape(own))
    }
    for (place, axis) in before.enumerated() {
      var own = [Int](repeating: 1, count: sizes.count)
      own[place] = shape[axis]
      offsets =
        offsets
        + (Tensor.arange(shape[axis], device: device) * strides[axis]).reshaped(to: Shape(own))
    }
    return offsets.expanded(to: Shape(sizes))
  }

  // MARK: Sorting

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
}

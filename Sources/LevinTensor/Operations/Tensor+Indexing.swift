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
}

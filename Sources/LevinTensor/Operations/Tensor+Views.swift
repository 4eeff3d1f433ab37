internal import LevinSystem

// Views: other layouts of the same memory. Nothing is copied.

extension Tensor {
  /// A view, and its gradient.
  func view(
    _ layout: Layout, _ name: StaticString, _ attributes: [OperationAttribute] = [],
    _ backward: @escaping (_ gradient: Tensor) -> Tensor
  ) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [self], attributes) { view(layout, name, [], backward) }
    }
    let result = viewed(layout)
    guard Tape.records(self) else { return result }
    return result.recorded(
      GradientNode(name, edge) { step in step.give(0, backward(step.gradient)) })
  }

  /// A view of some of the elements, each once: its gradient is put at their positions, among zeros.
  ///
  /// `transform` turns the layout of the whole into that of the view.
  func part(
    _ name: StaticString, attributes: @autoclosure () -> [OperationAttribute] = [],
    _ transform: @escaping (Layout) -> Layout
  ) -> Tensor {
    let whole = shape
    return view(transform(layout), name, Tape.isObserved ? attributes() : []) {
      $0.placed(in: whole, name, transform)
    }
  }

  /// Views that together hold each element once: one step in the backward pass, which joins their gradients.
  private func parts(
    _ name: StaticString, _ layouts: [Layout], dimension: Int,
    joined: @escaping ([Tensor]) -> Tensor
  ) -> [Tensor] {
    composed(name, [self], [.init("dimension", .int(dimension))], outputs: { $0 }) {
      let views = layouts.map { viewed($0) }
      guard Tape.records(self), !views.isEmpty else { return views }
      let (shapes, dtype, device) = (layouts.map(\.shape), dtype, device)
      let node = GradientNode(name, edge) { step in
        step.give(
          0,
          joined(
            shapes.enumerated().map { index, shape in
              step.gradient(of: index) ?? .zeros(shape, dtype: dtype, device: device)
            }))
      }
      return views.enumerated().map { $1.recorded(node, output: UInt32($0)) }
    }
  }

  /// Zeros of shape `whole` with these elements at the positions that `transform` selects.
  func placed(
    in whole: Shape, _ name: StaticString, _ transform: @escaping (Layout) -> Layout
  ) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [self]) { placed(in: whole, name, transform) }
    }
    let result = Tensor.zeros(whole, dtype: dtype, device: device)
    Kernels.copy(self, into: result.viewed(transform(result.layout)))
    guard Tape.records(self) else { return result }
    return result.recorded(
      GradientNode(name, edge) { step in step.give(0, step.gradient.part(name, transform)) })
  }

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

  /// Two dimensions exchanged, by default those of a matrix.
  ///
  /// Without arguments at most two dimensions are allowed, as in PyTorch's `t`.
  public func transposed() -> Tensor {
    guard rank <= 2 else {
      fail(
        "transposed()", "shape \(shape)", expected: "at most two dimensions",
        hint: "name the two to be exchanged: transposed(-2, -1)")
    }
    return rank < 2 ? self : transposed(0, 1)
  }

  /// Two dimensions exchanged.
  public func transposed(_ first: Int, _ second: Int) -> Tensor {
    if rank == 0, -1...0 ~= first, -1...0 ~= second { return self }
    let a = ShapeChecks.axis(first, of: self, for: "transposed(_:_:)")
    let b = ShapeChecks.axis(second, of: self, for: "transposed(_:_:)")
    if a == b { return self }
    var order = Array(0..<rank)
    order.swapAt(a, b)
    return view(
      layout.permuted(order), "transposed(_:_:)",
      Tape.isObserved ? [.init("first", .int(a)), .init("second", .int(b))] : []
    ) { $0.transposed(a, b) }
  }

  /// The dimensions in another order: dimension i of the result is dimension `order[i]`.
  public func permuted(_ order: Int...) -> Tensor { permuted(order) }

  /// The dimensions in another order: dimension i of the result is dimension `order[i]`.
  public func permuted(_ order: [Int]) -> Tensor {
    let axes = order.map { ShapeChecks.axis($0, of: self, for: "permuted(_:)") }
    guard axes.sorted() == Array(0..<rank) else {
      fail(
        "permuted(_:)", "dimensions \(order) of shape \(shape)", expected: "each dimension once")
    }
    var inverse = axes
    for (place, axis) in axes.enumerated() { inverse[axis] = place }
    return view(
      layout.permuted(axes), "permuted(_:)", Tape.isObserved ? [.init("order", .ints(axes))] : []
    ) { [inverse] in $0.permuted(inverse) }
  }

  /// Dimensions moved to other positions; the others keep their order.
  public func movingDimensions(_ from: [Int], to: [Int]) -> Tensor {
    let sources = from.map { ShapeChecks.axis($0, of: self, for: "movingDimensions(_:to:)") }
    let places = to.map { ShapeChecks.axis($0, of: self, for: "movingDimensions(_:to:)") }
    guard sources.count == places.count, Set(sources).count == sources.count,
      Set(places).count == places.count
    else {
      fail(
        "movingDimensions(_:to:)", "\(from) to \(to)",
        expected: "as many places as dimensions, each once")
    }
    var rest = (0..<rank).filter { !sources.contains($0) }
    var order = [Int](repeating: 0, count: rank)
    for place in 0..<rank {
      order[place] = places.firstIndex(of: place).map { sources[$0] } ?? rest.removeFirst()
    }
    return permuted(order)
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

  /// `length` positions along a dimension, from `start` on.
  public func narrowed(_ dimension: Int, start: Int, length: Int) -> Tensor {
    let axis = ShapeChecks.axis(dimension, of: self, for: "narrowed(_:start:length:)")
    let first = start < 0 ? start + shape[axis] : start
    guard first >= 0, length >= 0, first + length <= shape[axis] else {
      fail(
        "narrowed(_:start:length:)",
        "\(length) positions from \(start) of dimension \(axis) of \(shape)",
        expected: "positions in 0..<\(shape[axis])")
    }
    return sliced(axis, start: first, step: 1, count: length)
  }

  /// Unchecked: the positions must exist.
  func sliced(_ axis: Int, start: Int, step: Int, count: Int) -> Tensor {
    if start == 0, step == 1, count == shape[axis] { return self }
    return part(
      "narrowed(_:start:length:)",
      attributes: [
        .init("dimension", .int(axis)), .init("start", .int(start)), .init("step", .int(step)),
        .init("length", .int(count)),
      ]
    ) {
      $0.sliced(axis, start: start, step: step, count: count)
    }
  }

  /// Position `index` along a dimension, without that dimension.
  public func selected(_ dimension: Int, _ index: Int) -> Tensor {
    let axis = ShapeChecks.axis(dimension, of: self, for: "selected(_:_:)")
    let place = index < 0 ? index + shape[axis] : index
    guard place >= 0, place < shape[axis] else {
      fail(
        "selected(_:_:)", "index \(index) of dimension \(axis) of shape \(shape)",
        expected: "an index in \(-shape[axis])..<\(shape[axis])")
    }
    return part(
      "selected(_:_:)", attributes: [.init("dimension", .int(axis)), .init("index", .int(place))]
    ) { $0.selected(axis, place) }
  }

  /// The elements whose indices along two dimensions are equal, with the second shifted by `offset`, in a new last
  /// dimension.
  public func diagonal(offset: Int = 0, _ first: Int = 0, _ second: Int = 1) -> Tensor {
    let a = ShapeChecks.axis(first, of: self, for: "diagonal(offset:_:_:)")
    let b = ShapeChecks.axis(second, of: self, for: "diagonal(offset:_:_:)")
    guard a != b else {
      fail(
        "diagonal(offset:_:_:)", "dimension \(a) twice", expected: "two dimensions")
    }
    return part(
      "diagonal(offset:_:_:)",
      attributes: [
        .init("offset", .int(offset)), .init("first", .int(a)), .init("second", .int(b)),
      ]
    ) { $0.diagonal(a, b, shift: offset) }
  }

  /// The tensor with the order of the elements along `dimensions` reversed.
  public func flipped(_ dimensions: Int...) -> Tensor { flipped(dimensions) }

  /// The tensor with the order of the elements along `dimensions` reversed.
  public func flipped(_ dimensions: [Int]) -> Tensor {
    composed("flipped(_:)", [self], [.init("dimensions", .ints(dimensions))]) {
      let axes = dimensions.map { ShapeChecks.axis($0, of: self, for: "flipped(_:)") }
      return axes.reduce(self) { flipped, axis in
        let size = shape[axis]
        return size < 2
          ? flipped : flipped.sliced(axis, start: size - 1, step: -1, count: size)
      }
    }
  }

  /// Splits into pieces of `size` along a dimension; the last one may be shorter.
  public func split(_ size: Int, dimension: Int = 0) -> [Tensor] {
    let axis = ShapeChecks.axis(dimension, of: self, for: "split(_:dimension:)")
    guard size > 0 || shape[axis] == 0 && size == 0 else {
      fail("split(_:dimension:)", "size \(size)", expected: "1 or more")
    }
    if shape[axis] == 0 { return [self] }
    let sizes = Swift.stride(from: 0, to: shape[axis], by: size).map {
      Swift.min(size, shape[axis] - $0)
    }
    return split(sizes, dimension: axis)
  }

  /// Splits into pieces of the given sizes along a dimension.
  public func split(_ sizes: [Int], dimension: Int = 0) -> [Tensor] {
    let axis = ShapeChecks.axis(dimension, of: self, for: "split(_:dimension:)")
    guard sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, +) == shape[axis] else {
      fail(
        "split(_:dimension:)", "sizes \(sizes) for dimension \(axis) of shape \(shape)",
        expected: "sizes whose sum is \(shape[axis])")
    }
    var start = 0
    let layouts = sizes.map { size in
      defer { start += size }
      return layout.sliced(axis, start: start, step: 1, count: size)
    }
    return parts("split(_:dimension:)", layouts, dimension: axis) {
      .concatenated($0, dimension: axis)
    }
  }

  /// Splits into at most `count` pieces along a dimension, all but the last of one size.
  public func chunked(_ count: Int, dimension: Int = 0) -> [Tensor] {
    let axis = ShapeChecks.axis(dimension, of: self, for: "chunked(_:dimension:)")
    guard count > 0 else {
      fail("chunked(_:dimension:)", "\(count) pieces", expected: "1 or more")
    }
    return split(Swift.max(1, (shape[axis] + count - 1) / count), dimension: axis)
  }

  /// The positions along a dimension, each without that dimension.
  public func unbound(_ dimension: Int = 0) -> [Tensor] {
    let axis = ShapeChecks.axis(dimension, of: self, for: "unbound(_:)")
    let layouts = (0..<shape[axis]).map { layout.selected(axis, $0) }
    return parts("unbound(_:)", layouts, dimension: axis) { .stacked($0, dimension: axis) }
  }

  /// The tensors expanded to the shape that all of them broadcast to.
  public static func broadcast(_ tensors: [Tensor]) -> [Tensor] {
    let shape = tensors.dropFirst().reduce(tensors.first?.shape ?? []) {
      ShapeChecks.broadcast($0, $1.shape, for: "broadcast(_:)")
    }
    return tensors.map { $0.expanded(to: shape) }
  }

  /// The same elements contiguous in row-major order: this tensor if they already are, otherwise a copy.
  public func contiguous() -> Tensor {
    isContiguous ? self : copied(recording: true)
  }

  /// A copy in new memory.
  public func cloned() -> Tensor { copied(recording: true) }

  /// The same values in memory that nothing but tensors uses, and that has no other elements; for what is kept long.
  package func settled() -> Tensor {
    storage.isWritable && fillsStorage ? self : cloned()
  }

  /// The same values in new memory.
  func copied(recording: Bool = false) -> Tensor {
    if recording, Tape.isObserved {
      return Observation.whole("cloned()", [self]) { copied(recording: true) }
    }
    let result = Tensor(uninitialized: shape, dtype, like: self)
    Kernels.copy(self, into: result)
    guard recording, Tape.records(self) else { return result }
    return result.recorded(
      GradientNode("cloned()", edge) { step in step.give(0, step.gradient) })
  }
}

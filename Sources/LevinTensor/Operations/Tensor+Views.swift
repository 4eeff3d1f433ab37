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
}

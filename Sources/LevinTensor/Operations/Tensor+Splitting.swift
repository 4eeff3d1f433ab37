internal import LevinSystem

// Splitting into views along a dimension.

extension Tensor {
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
}

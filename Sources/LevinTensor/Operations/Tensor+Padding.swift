internal import LevinSystem

extension Tensor {
  /// How the elements that padding adds are filled.
  public enum PaddingMode: String, Sendable {
    /// With a number.
    case constant
    /// With the elements inside, mirrored at the outermost one, which is not repeated.
    case reflect
    /// With the outermost element.
    case replicate
    /// With the elements of the opposite end.
    case circular
  }

  /// This tensor with elements added at both ends of dimensions (PyTorch's `pad`).
  ///
  /// `amounts` are pairs of amounts before and after, beginning with the last dimension; negative amounts remove
  /// elements. `value` is only for `constant`. Traps if there are too few elements to mirror or repeat.
  public func padded(
    _ amounts: [Int], mode: PaddingMode = .constant, value: some TensorNumber = 0
  ) -> Tensor {
    composed(
      "padded(_:)", [self],
      [
        .init("amounts", .ints(amounts)), .init("mode", .string(mode.rawValue)),
        .init("value", .double(value.number.double)),
      ]
    ) {
      guard amounts.count % 2 == 0, amounts.count <= 2 * rank else {
        fail(
          "padded(_:)", "\(amounts.count) amounts for shape \(shape)",
          expected: "a pair for each of the last dimensions")
      }
      let (added, removed) = (amounts.map { Swift.max($0, 0) }, amounts.map { Swift.min($0, 0) })
      if mode == .constant { return surrounded(added, by: value.number).cropped(removed) }
      // As in PyTorch, removed elements are still mirrored and repeated, but do not come in at the opposite end.
      let start = mode == .circular ? cropped(removed) : self
      let result = (0..<(amounts.count / 2)).reduce(start) { result, pair in
        result.extended(rank - 1 - pair, added[2 * pair], added[2 * pair + 1], mode)
      }
      return mode == .circular ? result : result.cropped(removed)
    }
  }

  /// The tensor without the elements that negative amounts remove.
  private func cropped(_ amounts: [Int]) -> Tensor {
    (0..<(amounts.count / 2)).reduce(self) { result, pair in
      let axis = rank - 1 - pair
      let (before, after) = (amounts[2 * pair], amounts[2 * pair + 1])
      let length = result.shape[axis] + before + after
      guard length >= 0 else {
        fail(
          "padded(_:)",
          "amounts \(before) and \(after) for dimension \(axis) of size \(shape[axis])",
          expected: "no more places taken away than there are")
      }
      return result.sliced(axis, start: -before, step: 1, count: length)
    }
  }

  private func surrounded(_ added: [Int], by number: Number) -> Tensor {
    guard added.contains(where: { $0 > 0 }) else { return self }
    var sizes = Array(shape)
    for pair in 0..<(added.count / 2) {
      sizes[rank - 1 - pair] += added[2 * pair] + added[2 * pair + 1]
    }
    let before = shape
    func inside(_ layout: Layout) -> Layout {
      (0..<(added.count / 2)).reduce(layout) { layout, pair in
        let axis = before.rank - 1 - pair
        return layout.sliced(axis, start: added[2 * pair], step: 1, count: before[axis])
      }
    }
    if case .int(0) = number { return placed(in: Shape(sizes), "padded(_:)", inside) }
    let result = Tensor.full(
      Shape(sizes), AnyTensorNumber(number), dtype: dtype, device: device)
    Kernels.copy(self, into: result.viewed(inside(result.layout)))
    guard Tape.records(self) else { return result }
    return result.recorded(
      GradientNode("padded(_:)", edge) { step in
        step.give(0, step.gradient.part("padded(_:)", inside))
      })
  }

  private func extended(_ axis: Int, _ before: Int, _ after: Int, _ mode: PaddingMode) -> Tensor {
    if before == 0, after == 0 { return self }
    let size = shape[axis]
    let most = mode == .reflect ? size - 1 : mode == .circular ? size : size > 0 ? Int.max : 0
    guard before <= most, after <= most else {
      fail(
        "padded(_:mode: .\(mode))",
        "amounts \(before) and \(after) for dimension \(axis) of shape \(shape)",
        expected: size == 0 ? "a dimension that is not empty" : "at most \(most)")
    }
    func piece(_ start: Int, _ count: Int) -> Tensor {
      sliced(axis, start: start, step: 1, count: count)
    }
    func repeated(_ place: Int, _ count: Int) -> Tensor {
      var sizes = Array(shape)
      sizes[axis] = count
      return piece(place, 1).expanded(to: Shape(sizes))
    }
    let (first, last) =
      switch mode {
      case .reflect: (piece(1, before).flipped(axis), piece(size - 1 - after, after).flipped(axis))
      case .circular: (piece(size - before, before), piece(0, after))
      case .replicate, .constant: (repeated(0, before), repeated(size - 1, after))
      }
    return Tensor.concatenated([first, self, last], dimension: axis)
  }
}

/// A number of any kind.
private struct AnyTensorNumber: TensorNumber {
  let number: Number
  init(_ number: Number) { self.number = number }
}

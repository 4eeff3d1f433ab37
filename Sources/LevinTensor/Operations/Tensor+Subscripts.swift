internal import LevinSystem

// Subscripts as in PyTorch.

/// A value in a tensor's subscript: integers, ranges, tensors of indices, masks, and the members of ``AxisIndex``.
public protocol TensorIndex {
  /// The index in its general form.
  var axisIndex: AxisIndex { get }
}

/// An index of one or more dimensions.
public enum AxisIndex: TensorIndex {
  /// One position, which removes the dimension; negative ones count from the end.
  case position(Int)
  /// Positions from a first one up to an end, exclusive, with a step; negative ones count from the end, and positions
  /// outside are left out.
  case slice(from: Int?, to: Int?, by: Int)
  /// All dimensions that have no other index.
  case rest
  /// A new dimension of size 1.
  case new
  /// Positions given by integers, or by the true elements of a mask.
  case elements(Tensor)

  /// The index itself.
  public var axisIndex: AxisIndex { self }
}

extension TensorIndex where Self == AxisIndex {
  /// All positions of one dimension (Python's `:`).
  public static var all: AxisIndex { .slice(from: nil, to: nil, by: 1) }
  /// All dimensions that have no other index (Python's `...`).
  public static var ellipsis: AxisIndex { .rest }
  /// A new dimension of size 1 (Python's `None`).
  public static var newAxis: AxisIndex { .new }
  /// Every `step`th position (Python's `from:to:step`).
  public static func stride(from start: Int? = nil, to end: Int? = nil, by step: Int) -> AxisIndex {
    .slice(from: start, to: end, by: step)
  }
}

extension Int: TensorIndex {
  /// One position.
  public var axisIndex: AxisIndex { .position(self) }
}
extension Range<Int>: TensorIndex {
  /// The positions in the range.
  public var axisIndex: AxisIndex { .slice(from: lowerBound, to: upperBound, by: 1) }
}
extension ClosedRange<Int>: TensorIndex {
  /// The positions in the range.
  public var axisIndex: AxisIndex { .slice(from: lowerBound, to: upperBound + 1, by: 1) }
}
extension PartialRangeFrom<Int>: TensorIndex {
  /// All positions from the first one on.
  public var axisIndex: AxisIndex { .slice(from: lowerBound, to: nil, by: 1) }
}
extension PartialRangeUpTo<Int>: TensorIndex {
  /// All positions up to the end, exclusive.
  public var axisIndex: AxisIndex { .slice(from: nil, to: upperBound, by: 1) }
}
extension PartialRangeThrough<Int>: TensorIndex {
  /// All positions up to the last one, inclusive.
  public var axisIndex: AxisIndex { .slice(from: nil, to: upperBound + 1, by: 1) }
}
extension Tensor: TensorIndex {
  /// The positions given by the elements.
  public var axisIndex: AxisIndex { .elements(self) }
}

extension Tensor {
  /// The elements at `indices`, one index for each of the leading dimensions.
  ///
  /// Integers and ranges return a view; tensors of indices and masks return new memory. Assigning writes in place if
  /// nothing else holds the memory, otherwise into a copy: other tensors never change. The gradient of overwritten
  /// elements is 0.
  public subscript(_ indices: any TensorIndex...) -> Tensor {
    get { at(indices) }
    set { set(indices, newValue) }
  }

  /// The elements at `indices`; see the subscript.
  public func at(_ indices: [any TensorIndex]) -> Tensor {
    composed("subscript", [self]) {
      let (view, elements) = basic(indices)
      return elements.contains { $0 != nil } ? view.indexed(elements) : view
    }
  }

  /// The view given by integers, ranges and new dimensions, and the tensors of indices for its dimensions.
  private func basic(_ indices: [any TensorIndex]) -> (view: Tensor, elements: [Tensor?]) {
    let indices = indices.map(\.axisIndex)
    var taken = 0
    for index in indices {
      switch index {
      case .position, .slice: taken += 1
      case .elements(let list): taken += list.dtype == .bool || list.dtype == .uint8 ? list.rank : 1
      case .rest, .new: break
      }
    }
    guard taken <= rank else {
      fail(
        "subscript", "\(taken) indices for shape \(shape)", expected: "at most \(rank)")
    }
    var view = self
    var axis = 0
    var elements: [Tensor?] = []
    for index in indices {
      switch index {
      case .position(let position):
        guard position >= -view.shape[axis], position < view.shape[axis] else {
          fail(
            "subscript", "index \(position) for a dimension of size \(view.shape[axis])",
            expected: "an index in \(-view.shape[axis])..<\(view.shape[axis])")
        }
        view = view.selected(axis, position)
      case .slice(let start, let end, let step):
        guard step > 0 else {
          fail(
            "subscript", "step \(step)", expected: "1 or more", hint: "use flipped(_:)")
        }
        let size = view.shape[axis]
        let first = Self.clamped(start ?? 0, size)
        let last = Swift.max(first, Self.clamped(end ?? size, size))
        view = view.sliced(axis, start: first, step: step, count: (last - first + step - 1) / step)
        elements.append(nil)
        axis += 1
      case .rest:
        let count = rank - taken
        elements += [Tensor?](repeating: nil, count: count)
        axis += count
      case .new:
        view = view.unsqueezed(axis)
        elements.append(nil)
        axis += 1
      case .elements(let list):
        // A scalar mask selects all or nothing, along a new dimension.
        if list.rank == 0, list.dtype == .bool {
          view = view.unsqueezed(axis)
          elements.append(Tensor(list.item() != 0 ? [0] : [Int](), device: device))
          axis += 1
          continue
        }
        elements.append(list)
        axis += list.dtype == .bool || list.dtype == .uint8 ? list.rank : 1
      }
    }
    return (view, elements)
  }

  /// Like Python's slices: negative ones count from the end, and the result is never outside.
  private static func clamped(_ place: Int, _ size: Int) -> Int {
    Swift.min(Swift.max(place < 0 ? place + size : place, 0), size)
  }

  /// Puts `value`, which broadcasts, at `indices`.
  mutating func set(_ indices: [any TensorIndex], _ value: Tensor) {
    let isBasic = indices.allSatisfy { if case .elements = $0.axisIndex { false } else { true } }
    guard isBasic, !Tape.records(self, value), !Tape.isObserved else {
      // The same indices select the positions from a tensor of positions.
      let places = withoutGradients {
        Observation.quietly {
          Tensor.arange(elementCount, device: device).reshaped(to: shape).at(indices)
        }
      }
      let (node, output) = (node, output)
      self = putting(value.to(dtype), at: places, adding: false, "subscript")
      if !Tape.isRecording { (self.node, self.output) = (node, output) }
      return
    }
    if !isUnique() || layout.overlaps {
      let (node, output) = (node, output)
      self = copiedOnWrite()
      (self.node, self.output) = (node, output)
    }
    let place = withoutGradients { at(indices) }
    guard value.rank <= place.rank || value.elementCount == 1,
      ShapeChecks.broadcast(value.shape, place.shape, for: "subscript") == place.shape
    else {
      fail(
        "subscript", "a value of shape \(value.shape) for \(place.shape)",
        expected: "one that broadcasts to it")
    }
    Kernels.copy(value, into: place)
  }
}

/// The positions of a tensor's elements in its storage: element (i, j, …) is at `offset + i · strides[0] + j ·
/// strides[1] + …`, in elements.
///
/// Strides may be 0 (the same element repeated) or negative. Pure arithmetic: views are layouts of the same storage.
struct Layout: Equatable {
  let shape: Shape
  /// nil if the elements are contiguous in row-major order.
  let strides: [Int]?
  let offset: Int

  /// Creates a layout whose strides become nil if they are those of row-major order; strides of sizes 1 do not
  /// matter.
  init(shape: Shape, strides: [Int]?, offset: Int) {
    self.shape = shape
    self.offset = offset
    guard let strides, !Self.isRowMajor(shape, strides) else {
      self.strides = nil
      return
    }
    self.strides = strides
  }

  private static func isRowMajor(_ shape: Shape, _ strides: [Int]) -> Bool {
    if shape.elementCount == 0 { return true }
    var expected = 1
    for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
      if shape[axis] == 1 { continue }
      if strides[axis] != expected { return false }
      expected *= shape[axis]
    }
    return true
  }

  /// The strides of row-major order.
  static func rowMajor(_ shape: Shape) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.rank)
    for axis in stride(from: shape.rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * Swift.max(shape[axis + 1], 1)
    }
    return strides
  }

  /// The strides, even if they are those of row-major order.
  var allStrides: [Int] { strides ?? Self.rowMajor(shape) }

  /// Whether the elements fill a block of memory, without gaps, in some order of the dimensions.
  static func isDense(_ shape: Shape, _ strides: [Int]) -> Bool {
    shape.withSizes { sizes in
      // Each pass goes on to the dimension whose neighbours are next in memory, from the innermost outwards.
      var expected = 1
      for _ in 0..<shape.rank {
        var axis = shape.rank - 1
        while axis >= 0, sizes[axis] <= 1 || strides[axis] != expected { axis -= 1 }
        if axis < 0 { break }
        expected *= sizes[axis]
      }
      return expected == shape.elementCount
    }
  }

  /// Whether two elements may share a position.
  ///
  /// Conservative: in order of descending stride, each dimension must step over everything inside it.
  var overlaps: Bool {
    guard let strides else { return false }
    if shape.elementCount == 0 { return false }
    var extent = 0
    for axis in shape.indices.sorted(by: { abs(strides[$0]) < abs(strides[$1]) })
    where shape[axis] > 1 {
      if abs(strides[axis]) <= extent { return true }
      extent += (shape[axis] - 1) * abs(strides[axis])
    }
    return false
  }
}

// MARK: Views

extension Layout {
  /// The dimensions in another order: dimension i of the result is dimension `order[i]`.
  func permuted(_ order: [Int]) -> Layout {
    let own = allStrides
    return Layout(
      shape: Shape(order.map { shape[$0] }), strides: order.map { own[$0] }, offset: offset)
  }

  /// `count` positions along `axis`, from `start` on, `step` apart.
  func sliced(_ axis: Int, start: Int, step: Int, count: Int) -> Layout {
    var (sizes, strides) = (Array(shape), allStrides)
    sizes[axis] = count
    let offset = count == 0 ? offset : offset + start * strides[axis]
    strides[axis] *= step
    return Layout(shape: Shape(sizes), strides: strides, offset: offset)
  }

  /// Position `index` along `axis`, without that dimension.
  func selected(_ axis: Int, _ index: Int) -> Layout {
    var (sizes, strides) = (Array(shape), allStrides)
    let offset = offset + index * strides[axis]
    sizes.remove(at: axis)
    strides.remove(at: axis)
    return Layout(shape: Shape(sizes), strides: strides, offset: offset)
  }

  /// The layout with a dimension of size 1 inserted before `axis`.
  func inserting(_ axis: Int) -> Layout {
    var (sizes, strides) = (Array(shape), allStrides)
    strides.insert(axis < rank ? strides[axis] * sizes[axis] : 1, at: axis)
    sizes.insert(1, at: axis)
    return Layout(shape: Shape(sizes), strides: strides, offset: offset)
  }

  /// The layout without the dimensions of `axes`, whose size is 1.
  func removing(_ axes: Axes) -> Layout {
    let kept = shape.indices.filter { !axes.contains($0) }
    let own = allStrides
    return Layout(
      shape: Shape(kept.map { shape[$0] }), strides: kept.map { own[$0] }, offset: offset)
  }

  /// The layout repeated along sizes of 1, and along new leading dimensions, to the shape `shape`.
  func expanded(to shape: Shape) -> Layout {
    let added = shape.rank - rank
    let own = allStrides
    return Layout(
      shape: shape,
      strides: shape.indices.map { axis in
        axis < added || self.shape[axis - added] != shape[axis] ? 0 : own[axis - added]
      }, offset: offset)
  }

  /// The elements with equal indices along two dimensions, shifted by `shift` along the second; a new last dimension
  /// replaces both.
  func diagonal(_ first: Int, _ second: Int, shift: Int) -> Layout {
    let own = allStrides
    let (rows, columns) = (shape[first], shape[second])
    let count = Swift.max(
      0, shift >= 0 ? Swift.min(rows, columns - shift) : Swift.min(rows + shift, columns))
    let start = shift >= 0 ? shift * own[second] : -shift * own[first]
    let kept = shape.indices.filter { $0 != first && $0 != second }
    return Layout(
      shape: Shape(kept.map { shape[$0] } + [count]),
      strides: kept.map { own[$0] } + [own[first] + own[second]],
      offset: count == 0 ? offset : offset + start)
  }

  /// The same elements, in row-major order, in another shape of the same size; nil if no strides describe that.
  func reshaped(to shape: Shape) -> Layout? {
    guard let strides else { return Layout(shape: shape, strides: nil, offset: offset) }
    if shape.elementCount == 0 { return Layout(shape: shape, strides: nil, offset: offset) }
    // Runs of old dimensions that are evenly strided may be divided differently.
    var result = [Int](repeating: 0, count: shape.rank)
    var next = shape.rank - 1
    var (runSize, cut) = (1, 1)
    var runStride = strides.last ?? 1
    for axis in self.shape.indices.reversed() {
      runSize *= self.shape[axis]
      let isRunsEnd =
        axis == 0
        || self.shape[axis - 1] != 1 && strides[axis - 1] != runSize * runStride
      guard isRunsEnd else { continue }
      while next >= 0, cut < runSize || shape[next] == 1 {
        result[next] = cut * runStride
        cut *= shape[next]
        next -= 1
      }
      guard cut == runSize else { return nil }
      if axis > 0 { runStride = strides[axis - 1] }
      (runSize, cut) = (1, 1)
    }
    return next < 0 ? Layout(shape: shape, strides: result, offset: offset) : nil
  }

  private var rank: Int { shape.rank }
}

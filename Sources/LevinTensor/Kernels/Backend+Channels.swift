internal import CLevinKernels

// Operations on planes and channels, composed of indexing, elementwise functions and sums.

extension Operand {
  /// The same contiguous elements in another shape.
  fileprivate func reshaped(to shape: Shape) -> Operand {
    Operand(content, offset: offset, shape: shape, strides: Layout.rowMajor(shape), dtype: dtype)
  }

  /// `[batch, channels, …]` as `[batch, channels, points]`.
  fileprivate var points: Operand {
    reshaped(to: [shape[0], shape[1], shape.dropFirst(2).reduce(1, *)])
  }

  /// `[channels]` as `[1, channels, 1]`.
  fileprivate var channel: Operand { reshaped(to: [1, shape[0], 1]) }
}

extension Backend {
  package func takeInPlanes(_ x: Operand, at places: Operand, into result: Operand) {
    let (places, result) = (places.points, result.points)
    take(x, at: offsets(of: places, inPlanesOf: x.points), into: result)
    choose(isPlace(places), result, number(.int(0), result.shape, result.dtype), into: result)
  }

  package func putInPlanes(_ x: Operand, at places: Operand, into result: Operand) {
    copy(number(.int(0), result.shape, result.dtype), into: result)
    let (x, places) = (x.points, places.points)
    let terms = room(x.shape, x.dtype)
    choose(isPlace(places), x, number(.int(0), x.shape, x.dtype), into: terms)
    put(
      terms, at: offsets(of: places, inPlanesOf: result.points), into: result, adding: true)
  }

  /// Whether each index is an element's, that is, not −1.
  private func isPlace(_ places: Operand) -> Operand {
    let result = room(places.shape, .bool)
    compare(
      .greaterOrEqual, places, number(.int(0), places.shape, .int64), in: .int64, into: result)
    return result
  }

  /// Turns indices in planes into offsets in memory; −1 becomes the first offset.
  private func offsets(of places: Operand, inPlanesOf x: Operand) -> Operand {
    let planes: Shape = [x.shape[0], x.shape[1], 1]
    let (starts, offsets) = (count(planes), room(places.shape, .int64))
    binary(.multiply, starts, number(.int(Int64(x.shape[2])), planes, .int64), into: starts)
    binary(.maximum, places, number(.int(0), places.shape, .int64), into: offsets)
    binary(.add, offsets, starts.expanded(to: places.shape), into: offsets)
    return offsets
  }

  package func channelStatistics(_ x: Operand, mean: Operand, variance: Operand) {
    let (x, mean, variance) = (x.points, mean.channel, variance.channel)
    let centered = room(x.shape, .float64)
    let size = number(.double(Double(x.shape[0] * x.shape[2])), mean.shape, .float64)
    reduce(.sum, x, into: mean)
    binary(.divide, mean, size, into: mean)
    binary(.subtract, x, mean.expanded(to: x.shape), into: centered)
    unary(.square, centered, into: centered)
    reduce(.sum, centered, into: variance)
    binary(.divide, variance, size, into: variance)
  }

  package func channelCovariances(
    _ gradient: Operand, _ x: Operand, mean: Operand, sums: Operand, products: Operand
  ) {
    let (gradient, x) = (gradient.points, x.points)
    let terms = room(x.shape, .float64)
    reduce(.sum, gradient, into: sums.channel)
    binary(.subtract, x, mean.channel.expanded(to: x.shape), into: terms)
    binary(.multiply, gradient, terms, into: terms)
    reduce(.sum, terms, into: products.channel)
  }

  package func channelAffine(
    _ x: Operand, _ factor: Operand, _ y: Operand?, _ other: Operand?, shift: Operand,
    into result: Operand
  ) {
    let x = x.points
    let sum = room(x.shape, .float64)
    binary(.multiply, x, factor.channel.expanded(to: x.shape), into: sum)
    if let y, let other {
      let terms = room(x.shape, .float64)
      binary(.multiply, y.points, other.channel.expanded(to: x.shape), into: terms)
      binary(.add, sum, terms, into: sum)
    }
    binary(.add, sum, shift.channel.expanded(to: x.shape), into: sum)
    copy(sum, into: result.points)
  }
}

internal import LevinSystem

// Pooling: the largest element, or the average, of windows along the trailing dimensions. A gradient goes to the
// element that was the largest, and is distributed among the elements of an average.

extension Tensor {
  func adaptive(
    _ name: String, _ rank: Int, _ output: [Int?],
    _ body: (Tensor, PoolingGeometry) -> (values: Tensor, indices: Tensor)
  ) -> (values: Tensor, indices: Tensor) {
    guard output.count == 1 || output.count == rank, output.allSatisfy({ ($0 ?? 0) >= 0 }) else {
      fail(name, "output size \(output)", expected: "\(rank) sizes of 0 or more")
    }
    return pooled(name, rank, emptyFirst: true) { x in
      let sizes = output.count == rank ? output : [Int?](repeating: output[0], count: rank)
      return body(
        x,
        PoolingGeometry(
          windows: (0..<rank).map {
            PoolingWindows(sharing: x.shape[$0 + 2], among: sizes[$0] ?? x.shape[$0 + 2])
          }))
    }
  }

  /// Calls `body` with this tensor as `[batch, channels, …]`, adding `batch` if it is missing.
  ///
  /// The batch may be empty; if there is none, the channels may be empty with `emptyFirst`.
  func pooled(
    _ name: String, _ rank: Int, emptyFirst: Bool = false,
    _ body: (Tensor) -> (values: Tensor, indices: Tensor)
  ) -> (values: Tensor, indices: Tensor) {
    let isBatch = self.rank == rank + 2
    guard isBatch || self.rank == rank + 1, dtype != .bool,
      shape.dropFirst(isBatch || emptyFirst ? 1 : 0).allSatisfy({ $0 > 0 })
    else {
      let places = rank == 1 ? "length" : "height, width"
      fail(
        name, "input \(shape) of \(dtype.name)",
        expected: "numbers [batch, channels, \(places)] or [channels, \(places)], at least one each"
      )
    }
    guard !isBatch else { return body(self) }
    let (values, indices) = body(unsqueezed(0))
    return (values.squeezed(0), indices.squeezed(0))
  }
}

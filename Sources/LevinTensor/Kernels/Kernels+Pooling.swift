/// The windows of a pooling along one dimension.
///
/// Output t covers the elements from `starts[t]`, `dilation` apart, below `ends[t]`; `counts[t]` is its factor in an
/// average's divisor.
package struct PoolingWindows {
  package var size: Int
  package var dilation = 1
  package var starts: [Int64] = []
  package var ends: [Int64] = []
  package var counts: [Int64] = []
}

/// The windows along one to three trailing dimensions of `[batch, channels, …]`.
package struct PoolingGeometry {
  package let windows: [PoolingWindows]
  /// The divisor of averages; if 0, the counts are used.
  package var divisor = 0
}

/// Operands and results are contiguous; their leading two dimensions are the planes, and all have one dtype, which is
/// also computed in.
extension Kernels {
  /// `places` (int64) receives the index of each largest element in its plane.
  static func maxPool(
    _ x: Tensor, _ geometry: PoolingGeometry, into result: Tensor, places: Tensor
  ) {
    guard x.isOnHost, result.isOnHost, places.isOnHost else {
      return backend(x, result, places).maxPool(
        x.operand, geometry, into: result.operand, places: places.operand)
    }
    CPU.maxPool(x, geometry, into: result, places: places)
  }

  static func averagePool(_ x: Tensor, _ geometry: PoolingGeometry, into result: Tensor) {
    guard x.isOnHost, result.isOnHost else {
      return backend(x, result).averagePool(x.operand, geometry, into: result.operand)
    }
    CPU.averagePool(x, geometry, into: result)
  }

  static func averagePoolGradient(
    _ gradient: Tensor, _ geometry: PoolingGeometry, into result: Tensor
  ) {
    guard gradient.isOnHost, result.isOnHost else {
      return backend(gradient, result).averagePoolGradient(
        gradient.operand, geometry, into: result.operand)
    }
    CPU.averagePoolGradient(gradient, geometry, into: result)
  }

  /// The elements at `places` of each plane.
  static func takeInPlanes(_ x: Tensor, at places: Tensor, into result: Tensor) {
    guard x.isOnHost, places.isOnHost, result.isOnHost else {
      return backend(x, places, result).takeInPlanes(
        x.operand, at: places.operand, into: result.operand)
    }
    CPU.takeInPlanes(x, at: places, into: result)
  }

  /// The sums of the elements that belong to each index, 0 elsewhere.
  static func putInPlanes(_ x: Tensor, at places: Tensor, into result: Tensor) {
    guard x.isOnHost, places.isOnHost, result.isOnHost else {
      return backend(x, places, result).putInPlanes(
        x.operand, at: places.operand, into: result.operand)
    }
    CPU.putInPlanes(x, at: places, into: result)
  }
}

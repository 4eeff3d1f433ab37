internal import CLevinKernels

extension PoolingWindows {
  fileprivate static let single = PoolingWindows(size: 1, starts: [0], ends: [1], counts: [1])
}

extension PoolingGeometry {
  fileprivate func withC(planes: Int, _ body: (UnsafePointer<LevinPooling>) -> Void) {
    let all = [PoolingWindows](repeating: .single, count: 3 - windows.count) + windows
    func nest(_ along: [LevinWindows]) {
      guard along.count < 3 else {
        var pooling = LevinPooling(
          planes: planes, along: (along[0], along[1], along[2]), divisor: Int64(divisor))
        return body(&pooling)
      }
      let own = all[along.count]
      own.starts.withUnsafeBufferPointer { starts in
        own.ends.withUnsafeBufferPointer { ends in
          own.counts.withUnsafeBufferPointer { counts in
            // Empty arrays may have no address; nothing is read then.
            guard let a = starts.baseAddress, let b = ends.baseAddress, let c = counts.baseAddress
            else { return }
            nest(
              along + [
                LevinWindows(
                  input: own.size, output: own.starts.count, dilation: own.dilation, starts: a,
                  ends: b, counts: c)
              ])
          }
        }
      }
    }
    nest([])
  }
}

/// Operands and results are contiguous; their leading two dimensions are the planes, and all have one dtype, which is
/// also computed in.
extension CPU {
  /// `places` (int64) receives the index of each largest element in its plane.
  static func maxPool(
    _ x: Tensor, _ geometry: PoolingGeometry, into result: Tensor, places: Tensor
  ) {
    geometry.withC(planes: planes(x)) {
      levin_max_pool(
        x.dtype.compute, $0, x.address, result.address, places.elements(Int64.self))
    }
  }

  static func averagePool(_ x: Tensor, _ geometry: PoolingGeometry, into result: Tensor) {
    geometry.withC(planes: planes(x)) {
      levin_average_pool(x.dtype.compute, $0, x.address, result.address)
    }
  }

  static func averagePoolGradient(
    _ gradient: Tensor, _ geometry: PoolingGeometry, into result: Tensor
  ) {
    geometry.withC(planes: planes(gradient)) {
      levin_average_pool_gradient(
        gradient.dtype.compute, $0, gradient.address, result.address)
    }
  }

  /// The elements at `places` of each plane.
  static func takeInPlanes(_ x: Tensor, at places: Tensor, into result: Tensor) {
    levin_take_in_planes(
      x.dtype.compute, planes(x), planeSize(x), planeSize(places), x.address,
      places.elements(Int64.self), result.address)
  }

  /// The sums of the elements that belong to each index, 0 elsewhere.
  static func putInPlanes(_ x: Tensor, at places: Tensor, into result: Tensor) {
    levin_put_in_planes(
      x.dtype.compute, planes(x), planeSize(result), planeSize(places), x.address,
      places.elements(Int64.self), result.address)
  }

  private static func planes(_ tensor: Tensor) -> Int { tensor.shape[0] * tensor.shape[1] }

  private static func planeSize(_ tensor: Tensor) -> Int {
    tensor.shape.dropFirst(2).reduce(1, *)
  }
}

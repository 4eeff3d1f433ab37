internal import LevinSystem

extension Tensor {
  /// Attention (Vaswani and others 2017): `softmax(Q Kᵀ scale + mask) V` with this tensor as queries `[…, length,
  /// features]`, keys `[…, source, features]` and values `[…, source, out]` (PyTorch's `scaled_dot_product_attention`
  /// without dropout).
  ///
  /// A bool mask is true for positions that may be attended to, a numeric one is added; it broadcasts to `[…, length,
  /// source]`. With `isCausal` no position attends to later ones. The scale is 1/√features by default. With
  /// `groupsQueries` there may be fewer heads, the third dimension from the end, of keys and values than of queries,
  /// which share them.
  public func scaledDotProductAttention(
    keys: Tensor, values: Tensor, mask: Tensor? = nil, isCausal: Bool = false, scale: Double? = nil,
    groupsQueries: Bool = false
  ) -> Tensor {
    composed(
      "scaledDotProductAttention(keys:values:)", [self, keys, values, mask].compactMap { $0 },
      [.init("isCausal", .bool(isCausal)), .init("groupsQueries", .bool(groupsQueries))]
    ) {
      guard rank >= 2, keys.rank >= 2, values.rank >= 2,
        shape[rank - 1] == keys.shape[keys.rank - 1],
        keys.shape[keys.rank - 2] == values.shape[values.rank - 2], !(isCausal && mask != nil)
      else {
        fail(
          "scaledDotProductAttention(keys:values:)",
          "queries \(shape), keys \(keys.shape), values \(values.shape)"
            + (isCausal && mask != nil ? ", a mask and isCausal" : ""),
          expected: "[…, length, features], […, source, features], […, source, out]"
            + (isCausal && mask != nil ? ", and one of the two" : ""))
      }
      var (keys, values) = (keys, values)
      if groupsQueries, rank >= 3 {
        let times = shape[rank - 3] / keys.shape[keys.rank - 3]
        keys = keys.repeatedInterleaving(times, dimension: -3)
        values = values.repeatedInterleaving(times, dimension: -3)
      }
      // Each factor is scaled by the root, which keeps both products small.
      let root = (scale ?? 1 / Double(shape[rank - 1]).squareRoot()).magnitude.squareRoot()
      let sign = (scale ?? 1) < 0 ? -1.0 : 1.0
      var scores = (self * (root * sign)).matmul((keys * root).transposed(-2, -1))
      let (length, source) = (shape[rank - 2], keys.shape[keys.rank - 2])
      let allowed =
        isCausal
        ? Tensor.ones([length, source], dtype: .bool, device: device).lowerTriangle()
        : mask?.dtype == .bool ? mask : nil
      if let allowed {
        scores = Tensor.where(allowed, scores, Tensor(.double(-.infinity), dtype: dtype))
      } else if let mask {
        scores = scores + mask
      }
      var weights = scores.softmax(dimension: -1)
      // Positions that may attend to nothing get zeros.
      if let allowed {
        weights = weights.kept(where: allowed.any(dimensions: [-1], keepDimension: true))
      }
      return weights.matmul(values)
    }
  }
}

extension LoggedHistogram {
  /// Decodes a `HistogramProto`, the older form.
  ///
  /// The first bucket begins at the minimum and the last ends at the maximum, as TensorBoard shows it.
  init(decoding message: WireReader) throws(WireError) {
    self.init()
    var reader = message
    var limits: [Double] = []
    var counts: [Double] = []
    var sums = (0.0, 0.0)
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .fixed64): minimum = try reader.double()
      case (2, .fixed64): maximum = try reader.double()
      case (3, .fixed64): count = try reader.double()
      case (4, .fixed64): sums.0 = try reader.double()
      case (5, .fixed64): sums.1 = try reader.double()
      case (6, let kind):
        try reader.repeated(kind, as: .fixed64, into: &limits) { (r) throws(WireError) in
          try r.double()
        }
      case (7, let kind):
        try reader.repeated(kind, as: .fixed64, into: &counts) { (r) throws(WireError) in
          try r.double()
        }
      default: try reader.skip(key.kind)
      }
    }
    (sum, sumOfSquares) = sums
    guard limits.count == counts.count else {
      throw message.error("a histogram of \(limits.count) limits and \(counts.count) counts")
    }
    var left = minimum
    buckets = zip(limits, counts).map { limit, count in
      defer { left = limit }
      return Bucket(left: left, right: limit, count: count)
    }
    if !buckets.isEmpty { buckets[buckets.count - 1].right = maximum }
  }

  /// Reads the newer form, a tensor `[buckets, 3]` of left edges, right edges and counts; nil for other tensors.
  public init?(_ tensor: LoggedTensor) {
    guard case .numbers(let numbers) = tensor.values, tensor.shape.count == 2, tensor.shape[1] == 3,
      tensor.shape[0] >= 0, numbers.count % 3 == 0, numbers.count / 3 == tensor.shape[0]
    else { return nil }
    self.init()
    buckets = stride(from: 0, to: numbers.count, by: 3).map {
      Bucket(left: numbers[$0], right: numbers[$0 + 1], count: numbers[$0 + 2])
    }
    minimum = buckets.first?.left ?? 0
    maximum = buckets.last?.right ?? 0
    count = buckets.reduce(0) { $0 + $1.count }
  }
}

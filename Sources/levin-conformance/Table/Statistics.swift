import LevinTensor

let statistics: [Operation] = [
  op("var", "x.variance(dimensions: [0])") { c in try c.variance() },
  op("std", "x.standardDeviation(dimensions: [0])") { c in try c.standardDeviation() },
  ops("var_mean", "(x.variance(), x.mean())") { c in [try c.variance(), try c.mean()] },
  ops("std_mean", "(x.standardDeviation(), x.mean())") { c in
    [try c.standardDeviation(), try c.mean()]
  },
  ops("median", "x.median(dimension: 0)") { c in
    guard let dimension = try c.dim(0) else { return [try c.x.median()] }
    let result = try c.x.median(dimension: dimension, keepDimension: c.keeps(1))
    return [result.values, result.indices]
  },
  ops("kthvalue", "x.kthValue(3)") { c in
    let result = try c.x.kthValue(
      c.int("k", 0) ?? 1, dimension: c.dim(1) ?? -1, keepDimension: c.keeps(2))
    return [result.values, result.indices]
  },
  op("quantile", "x.quantile(0.5)") { c in
    let way: Tensor.Interpolation =
      switch try c.text("interpolation", -1) {
      case "lower": .lower
      case "higher": .higher
      case "nearest": .nearest
      case "midpoint": .midpoint
      default: .linear
      }
    let (x, axis, keeps) = (try c.x, try c.dim(1), try c.keeps(2))
    if case .tensor(let q) = c.value("q", 0) {
      return x.quantile(q, dimension: axis, keepDimension: keeps, interpolation: way)
    }
    return x.quantile(
      try c.double("q", 0) ?? 0, dimension: axis, keepDimension: keeps, interpolation: way)
  },
  op("bincount", "x.binCount()") { c in
    try c.x.binCount(
      weights: try? c.tensor("weights", 0), minimumLength: c.int("minlength", 1) ?? 0)
  },
  op("histc", "x.histogram(bins: 10, low: 0, high: 1)") { c in
    try c.x.histogram(
      bins: c.int("bins", 0) ?? 100, low: c.double("min", 1) ?? 0, high: c.double("max", 2) ?? 0)
  },
  op("cov", "x.covariance()") { c in
    try c.x.covariance(
      correction: c.int("correction", -1) ?? 1, frequencies: try? c.tensor("fweights", -1),
      weights: try? c.tensor("aweights", -1))
  },
  unary("corrcoef", "x.correlation()") { $0.correlation() },
]

extension Case {
  private var spread: (axes: [Int], correction: Double, keeps: Bool) {
    get throws {
      // var(unbiased), var(dim, unbiased, keepdim) and var(dim, correction:, keepdim:).
      if case .bool(let flag) = arguments.first { return ([], flag ? 1 : 0, false) }
      var correction = 1.0
      if let given = keywords.first(where: { $0.name == "correction" }) {
        switch given.value {
        case .none: break
        default: correction = try Self.number(given.value).double
        }
      } else if case .bool(let flag) = value("unbiased", 1) {
        correction = flag ? 1 : 0
      }
      return (try dims(0), correction, try keeps(2))
    }
  }

  fileprivate func variance() throws -> Tensor {
    let (axes, correction, keeps) = try spread
    return try x.variance(dimensions: axes, correction: correction, keepDimension: keeps)
  }

  fileprivate func standardDeviation() throws -> Tensor {
    let (axes, correction, keeps) = try spread
    return try x.standardDeviation(dimensions: axes, correction: correction, keepDimension: keeps)
  }

  fileprivate func mean() throws -> Tensor {
    let (axes, _, keeps) = try spread
    return try x.mean(dimensions: axes, keepDimension: keeps)
  }
}

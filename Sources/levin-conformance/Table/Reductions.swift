import LevinTensor

let reductions: [Operation] = [
  op("sum", "x.sum(dimensions: [0])") { c in
    try c.x.sum(dimensions: c.dims(0), keepDimension: c.keeps(1), dtype: c.dtype("dtype", 2))
  },
  op("nansum", "x.nanSum(dimensions: [0])") { c in
    try c.x.nanSum(dimensions: c.dims(0), keepDimension: c.keeps(1), dtype: c.dtype("dtype", 2))
  },
  op("mean", "x.mean(dimensions: [0])") { c in
    let (x, dtype) = (try c.x, try c.dtype("dtype", 2))
    return try (dtype.map(x.to) ?? x).mean(dimensions: c.dims(0), keepDimension: c.keeps(1))
  },
  op("nanmean", "x.nanMean(dimensions: [0])") { c in
    let (x, dtype) = (try c.x, try c.dtype("dtype", 2))
    return try (dtype.map(x.to) ?? x).nanMean(dimensions: c.dims(0), keepDimension: c.keeps(1))
  },
  op("prod", "x.product(dimension: 0)") { c in
    let (x, dtype) = (try c.x, try c.dtype("dtype", 2))
    guard let dimension = try c.dim(0) else { return x.product(dtype: dtype) }
    return x.product(dimension: dimension, keepDimension: try c.keeps(1), dtype: dtype)
  },
  op("amax", "x.maximum(dimensions: [0])") { c in
    try c.x.maximum(dimensions: c.dims(0), keepDimension: c.keeps(1))
  },
  op("amin", "x.minimum(dimensions: [0])") { c in
    try c.x.minimum(dimensions: c.dims(0), keepDimension: c.keeps(1))
  },
  ops("aminmax", "(x.minimum(dimensions: [0]), x.maximum(dimensions: [0]))") { c in
    let (x, axes, keeps) = (try c.x, try c.dims(-1), try c.keeps(-1))
    return [
      x.minimum(dimensions: axes, keepDimension: keeps),
      x.maximum(dimensions: axes, keepDimension: keeps),
    ]
  },
  op("argmax", "x.argmax(dimension: 0)") { c in
    try c.x.argmax(dimension: c.dim(0), keepDimension: c.keeps(1))
  },
  op("argmin", "x.argmin(dimension: 0)") { c in
    try c.x.argmin(dimension: c.dim(0), keepDimension: c.keeps(1))
  },
  unary("max.reduction_no_dim", "x.max()") { $0.max() },
  unary("min.reduction_no_dim", "x.min()") { $0.min() },
  ops("max.reduction_with_dim", "x.max(dimension: 0)") { c in
    let result = try c.x.max(dimension: c.dim(0) ?? 0, keepDimension: c.keeps(1))
    return [result.values, result.indices]
  },
  ops("min.reduction_with_dim", "x.min(dimension: 0)") { c in
    let result = try c.x.min(dimension: c.dim(0) ?? 0, keepDimension: c.keeps(1))
    return [result.values, result.indices]
  },
  op("all", "x.all(dimensions: [0])") { c in
    try c.x.all(dimensions: c.dims(0), keepDimension: c.keeps(1))
  },
  op("any", "x.any(dimensions: [0])") { c in
    try c.x.any(dimensions: c.dims(0), keepDimension: c.keeps(1))
  },
  op("count_nonzero", "x.countNonzero(dimensions: [0])") { c in
    try c.x.countNonzero(dimensions: c.dims(0))
  },
  op("logsumexp", "x.logSumExp(dimensions: [0])") { c in
    try c.x.logSumExp(dimensions: c.dims(0), keepDimension: c.keeps(1))
  },
  op("norm", "x.norm(2, dimensions: [0])") { c in try c.norm(order: "p", 0) },
  op("linalg.vector_norm", "x.norm(2, dimensions: [0])") { c in try c.norm(order: "ord", 0) },
  op("linalg.norm", "x.norm(2, dimensions: [0]), x.matrixNorm(.one)") { c in
    let (x, axes) = (try c.x, try c.ints("dim", 1))
    let isMatrix = c.value("ord", 0) != nil && (axes.isEmpty ? x.rank == 2 : axes.count == 2)
    return try isMatrix ? c.matrixNorm(1) : c.norm(order: "ord", 0)
  },
  op("linalg.matrix_norm", "x.matrixNorm(.frobenius)") { c in try c.matrixNorm(1) },
  op("cumsum", "x.cumulativeSum(0)") { c in
    try c.x.cumulativeSum(c.dim(0) ?? 0, dtype: c.dtype("dtype", 1))
  },
  op("cumprod", "x.cumulativeProduct(0)") { c in
    try c.x.cumulativeProduct(c.dim(0) ?? 0, dtype: c.dtype("dtype", 1))
  },
  ops("cummax", "x.cumulativeMaximum(0)") { c in
    let result = try c.x.cumulativeMaximum(c.dim(0) ?? 0)
    return [result.values, result.indices]
  },
  ops("cummin", "x.cumulativeMinimum(0)") { c in
    let result = try c.x.cumulativeMinimum(c.dim(0) ?? 0)
    return [result.values, result.indices]
  },
  op("logcumsumexp", "x.logCumulativeSumExp(0)") { c in
    try c.x.logCumulativeSumExp(c.dim(0) ?? 0)
  },
  op("diff", "x.differences(order: 1)") { c in
    try c.x.differences(
      order: c.int("n", 0) ?? 1, dimension: c.dim(1) ?? -1, prepending: try? c.tensor("prepend", 2),
      appending: try? c.tensor("append", 3))
  },
  op("trapezoid", "y.trapezoid(spacing: 1)") { c in
    if let x = try? c.tensor("x", 0) { return try c.x.trapezoid(at: x, dimension: c.dim(-1) ?? -1) }
    return try c.x.trapezoid(spacing: c.double("dx", -1) ?? 1, dimension: c.dim(-1) ?? -1)
  },
]

extension Case {
  fileprivate func norm(order: String, _ place: Int) throws -> Tensor {
    var p = 2.0
    switch value(order, place) {
    case .text("fro"), nil: break
    case .text(let text): throw CaseError("order \(text)")
    default: p = try double(order, place) ?? 2
    }
    let (x, dtype) = (try x, try dtype("dtype", place + 3))
    return try (dtype.map(x.to) ?? x).norm(
      p, dimensions: ints("dim", place + 1), keepDimension: bool("keepdim", place + 2))
  }

  fileprivate func matrixNorm(_ place: Int) throws -> Tensor {
    let axes = try ints("dim", place)
    let kind: Tensor.MatrixNorm =
      switch value("ord", 0) {
      case .text("fro"), nil: .frobenius
      case let order?:
        switch try Self.number(order).double {
        case .infinity: .infinity
        case -.infinity: .negativeInfinity
        case 1: .one
        case -1: .negativeOne
        case let other: throw CaseError("order \(other)")
        }
      }
    let (x, dtype) = (try x, try dtype("dtype", place + 2))
    return (dtype.map(x.to) ?? x).matrixNorm(
      kind, axes.first ?? -2, axes.last ?? -1, keepDimension: try bool("keepdim", place + 1))
  }
}

import LevinTensor

let indexing: [Operation] = [
  op("__getitem__", "x[0, 1..., .newAxis]") { c in
    guard let index = c.arguments.first else { throw CaseError("no index") }
    if case .tuple(let items) = index { return try c.x.at(items.map(place)) }
    return try c.x.at([place(index)])
  },
  op("slice", "x[.stride(from: 0, to: 8, by: 2)]") { c in
    let (x, axis) = (try c.x, try c.dim(0) ?? 0)
    let before = [any TensorIndex](repeating: .all, count: axis < 0 ? axis + x.rank : axis)
    return x.at(
      before + [
        .stride(from: try c.int("start", 1), to: try c.int("end", 2), by: try c.int("step", 3) ?? 1)
      ])
  },
  op("gather", "x.gathered(0, indices)") { c in
    try c.x.gathered(c.dim(0) ?? 0, c.tensor("index", 1))
  },
  op("take_along_dim", "x.taken(indices, dimension: 0)") { c in
    try c.x.taken(c.tensor("indices", 0), dimension: c.dim(1))
  },
  op("scatter", "x.scattered(0, indices, values)") { c in
    let (x, dimension, index) = (try c.x, try c.dim(0) ?? 0, try c.tensor("index", 1))
    let source = c.value("src", 2) ?? c.value("value", 2)
    let values =
      if case .tensor(let tensor) = source { tensor } else {
        Tensor.full(
          index.shape, try c.anyNumber("value", 2, .int(0)), dtype: x.dtype, device: x.device)
      }
    switch try c.text("reduce", 3) {
    case "add": return x.scatterAdded(dimension, index, values)
    case "multiply": return x.scatterReduced(dimension, index, values, .product)
    default: break
    }
    if case .tensor = source { return x.scattered(dimension, index, values) }
    return x.scattered(dimension, index, try c.anyNumber("value", 2, .int(0)))
  },
  op("scatter_add", "x.scatterAdded(0, indices, values)") { c in
    try c.x.scatterAdded(c.dim(0) ?? 0, c.tensor("index", 1), c.tensor("src", 2))
  },
  op("scatter_reduce", "x.scatterReduced(0, indices, values, .maximum)") { c in
    let reduction: Tensor.ScatterReduction =
      switch try c.text("reduce", 3) {
      case "sum": .sum
      case "prod": .product
      case "mean": .mean
      case "amin": .minimum
      case "amax": .maximum
      case let other: throw CaseError("reduce \(other ?? "")")
      }
    return try c.x.scatterReduced(
      c.dim(0) ?? 0, c.tensor("index", 1), c.tensor("src", 2), reduction,
      includesSelf: c.value("include_self", 4) == nil || c.bool("include_self", 4))
  },
  op("index_select", "x.indexSelected(0, indices)") { c in
    try c.x.indexSelected(c.dim(0) ?? 0, c.tensor("index", 1))
  },
  op("index_add", "x.indexAdded(0, indices, values)") { c in
    try c.x.indexAdded(
      c.dim(0) ?? 0, c.tensor("index", 1), c.tensor("source", 2),
      alpha: c.anyNumber("alpha", 3, .int(1)))
  },
  op("index_copy", "x.indexCopied(0, indices, values)") { c in
    try c.x.indexCopied(c.dim(0) ?? 0, c.tensor("index", 1), c.tensor("source", 2))
  },
  op("index_fill", "x.indexFilled(0, indices, with: 0)") { c in
    let (x, axis, index) = (try c.x, try c.dim(0) ?? 0, try c.tensor("index", 1))
    if case .tensor(let value) = c.value("value", 2) {
      return x.indexFilled(axis, index, with: value)
    }
    return x.indexFilled(axis, index, with: try c.anyNumber("value", 2, .int(0)))
  },
  op("index_put", "x.indexPut([rows, columns], values)") { c in
    let items: [Value]
    switch c.value("indices", 0) {
    case .list(let list), .tuple(let list): items = list
    default: throw CaseError("no indices")
    }
    return try c.x.indexPut(
      items.map { $0.tensors.first }, c.tensor("values", 1), accumulate: c.bool("accumulate", 2))
  },
  op("masked_select", "x.maskedSelected(mask)") { c in try c.x.maskedSelected(c.tensor("mask", 0))
  },
  op("select_scatter", "x.selectScattered(values, dimension: 0, index: 2)") { c in
    try c.x.selectScattered(
      c.tensor("src", 0), dimension: c.dim(1) ?? 0, index: c.int("index", 2) ?? 0)
  },
  op("slice_scatter", "x.sliceScattered(values, dimension: 0, from: 1, to: 3)") { c in
    try c.x.sliceScattered(
      c.tensor("src", 0), dimension: c.dim(1) ?? 0, from: c.int("start", 2), to: c.int("end", 3),
      by: c.int("step", 4) ?? 1)
  },
  ops("nonzero", "x.nonzero()") { c in
    let x = try c.x
    guard try c.bool("as_tuple", 0) else { return [x.nonzero()] }
    return (x.rank == 0 ? x.unsqueezed(0) : x).nonzero().unbound(1)
  },
  unary("argwhere", "x.nonzero()") { $0.nonzero() },
]

private func place(_ value: Value) throws -> any TensorIndex {
  func int(_ value: Value) -> Int? { if case .int(let number) = value { number } else { nil } }
  switch value {
  case .int(let number): return number
  case .bool(let flag): return Tensor(flag)
  case .tensor(let tensor): return tensor
  case .ellipsis: return .ellipsis
  case .none: return .newAxis
  case .slice(let start, let end, let step):
    return .stride(from: int(start), to: int(end), by: int(step) ?? 1)
  case .list(let items), .tuple(let items): return Tensor(items.compactMap(int))
  default: throw CaseError("an index")
  }
}

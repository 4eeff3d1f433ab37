import LevinTensor

let searching: [Operation] = [
  ops("sort", "x.sorted(dimension: 0, descending: true)") { c in
    let result = try c.x.sorted(
      dimension: c.dim(0) ?? -1, descending: c.bool("descending", 1))
    return [result.values, result.indices]
  },
  op("msort", "x.sorted(dimension: 0).values") { c in try c.x.sorted(dimension: 0).values },
  op("argsort", "x.argsorted(dimension: 0)") { c in
    try c.x.argsorted(dimension: c.dim(0) ?? -1, descending: c.bool("descending", 1))
  },
  ops("topk", "x.topK(3)") { c in
    let largest = c.value("largest", 2) == nil ? true : try c.bool("largest", 2)
    let result = try c.x.topK(c.int("k", 0) ?? 1, dimension: c.dim(1) ?? -1, largest: largest)
    return [result.values, result.indices]
  },
  ops("unique", "x.unique(), x.unique(dimension: 0)") { c in
    let x = try c.x
    let result = try c.dim(3).map { x.unique(dimension: $0) } ?? x.unique()
    return try c.chosen(result, 1)
  },
  ops("unique_consecutive", "x.uniqueRuns(), x.uniqueRuns(dimension: 0)") { c in
    let x = try c.x
    let result = try c.dim(2).map { x.uniqueRuns(dimension: $0) } ?? x.uniqueRuns()
    return try c.chosen(result, 0)
  },
  op("searchsorted", "x.searchedSorted(in: sorted)") { c in
    let side = try c.text("side", -1)
    let found = try c.asTensor(c.value("self", 0) ?? c.value("input", 0), "values").searchedSorted(
      in: c.x, behindEquals: side.map { $0 == "right" } ?? c.bool("right", -1),
      order: try? c.tensor("sorter", -1))
    return try c.bool("out_int32", -1) ? found.to(.int32) : found
  },
  op("bucketize", "x.bucketized(boundaries)") { c in
    let found = try c.asTensor(c.input, "input").bucketized(
      c.tensor("boundaries", 0), closesLeft: c.bool("right", -1))
    return try c.bool("out_int32", -1) ? found.to(.int32) : found
  },
]

extension Case {
  fileprivate func chosen(
    _ result: (values: Tensor, inverse: Tensor, counts: Tensor), _ place: Int
  ) throws -> [Tensor] {
    var outputs = [result.values]
    if try bool("return_inverse", place) { outputs.append(result.inverse) }
    if try bool("return_counts", place + 1) { outputs.append(result.counts) }
    return outputs
  }
}

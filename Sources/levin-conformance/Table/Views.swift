import LevinTensor

let views: [Operation] = [
  op("reshape", "x.reshaped(to: [2, -1])") { c in try c.x.reshaped(to: Shape(c.ints("shape", 0))) },
  op("reshape_as", "x.reshaped(to: y.shape)") { c in try c.x.reshaped(to: c.second.shape) },
  op("view", "x.reshaped(to: [2, -1])") { c in
    try c.x.reshaped(to: Shape(c.ints("size", 0, rest: true)))
  },
  op("view_as", "x.reshaped(to: y.shape)") { c in try c.x.reshaped(to: c.second.shape) },
  unary("ravel", "x.flattened()") { $0.flattened() },
  op("flatten", "x.flattened(from: 1)") { c in
    try c.x.flattened(from: c.int("start_dim", 0) ?? 0, through: c.int("end_dim", 1) ?? -1)
  },
  op("unflatten", "x.unflattened(0, into: [2, -1])") { c in
    try c.x.unflattened(c.dim(0) ?? 0, into: c.ints("sizes", 1))
  },
  op("broadcast_to", "x.expanded(to: [4, 3])") { c in
    try c.x.expanded(to: Shape(c.ints("size", 0)))
  },
  op("expand", "x.expanded(to: [4, -1])") { c in
    try c.x.expanded(to: Shape(c.ints("size", 0, rest: true)))
  },
  op("expand_as", "x.expanded(to: y.shape)") { c in try c.x.expanded(to: c.second.shape) },
  ops("broadcast_tensors", "Tensor.broadcast([a, b])") { c in
    Tensor.broadcast(try [c.x] + c.arguments.flatMap(\.tensors))
  },
  op("sum_to_size", "x.sum(to: [4, 1])") { c in
    try c.x.sum(to: Shape(c.ints("size", 0, rest: true)))
  },
  op("permute", "x.permuted(1, 0)") { c in try c.x.permuted(c.ints("dims", 0, rest: true)) },
  op("transpose", "x.transposed(0, 1)") { c in
    try c.x.transposed(c.int("dim0", 0) ?? 0, c.int("dim1", 1) ?? 1)
  },
  unary("t", "x.transposed()") { $0.transposed() },
  unary("T", "x.permuted([2, 1, 0])") { $0.permuted(Array((0..<$0.rank).reversed())) },
  unary("mT", "x.transposed(-2, -1)") { $0.transposed(-2, -1) },
  unary("mH", "x.transposed(-2, -1)") { $0.rank == 0 ? $0 : $0.transposed(-2, -1) },
  op("movedim", "x.movingDimensions([0], to: [-1])") { c in
    try c.x.movingDimensions(c.ints("source", 0), to: c.ints("destination", 1))
  },
  op("narrow", "x.narrowed(0, start: 1, length: 2)") { c in
    let start =
      if case .tensor(let start) = c.value("start", 1) { Int(start.item()) } else {
        try c.int("start", 1) ?? 0
      }
    return try c.x.narrowed(c.dim(0) ?? 0, start: start, length: c.int("length", 2) ?? 0)
  },
  op("select", "x.selected(0, 2)") { c in try c.x.selected(c.dim(0) ?? 0, c.int("index", 1) ?? 0) },
  op("squeeze", "x.squeezed(0)") { c in try c.x.squeezed(c.dims(0)) },
  op("squeeze.multiple", "x.squeezed(0, -1)") { c in
    // No dimensions mean none here, but all of them in Levin.
    let axes = try c.dims(0)
    return try axes.isEmpty ? c.x : c.x.squeezed(axes)
  },
  op("unsqueeze", "x.unsqueezed(0)") { c in try c.x.unsqueezed(c.dim(0) ?? 0) },
  op("diagonal", "x.diagonal(offset: 1, 0, 1)") { c in
    try c.x.diagonal(offset: c.int("offset", 0) ?? 0, c.int("dim1", 1) ?? 0, c.int("dim2", 2) ?? 1)
  },
  op("linalg.diagonal", "x.diagonal(offset: 1, -2, -1)") { c in
    try c.x.diagonal(
      offset: c.int("offset", -1) ?? 0, c.int("dim1", -1) ?? -2, c.int("dim2", -1) ?? -1)
  },
  op("diag", "x.diag()") { c in try c.x.diag(c.int("diagonal", 0) ?? 0) },
  op("diag_embed", "x.diagonalEmbedded()") { c in
    try c.x.diagonalEmbedded(
      offset: c.int("offset", 0) ?? 0, c.int("dim1", 1) ?? -2, c.int("dim2", 2) ?? -1)
  },
  op("diagflat", "x.flattened().diag()") { c in
    try c.x.flattened().diag(c.int("offset", 0) ?? 0)
  },
  op("flip", "x.flipped(0)") { c in try c.x.flipped(c.ints("dims", 0, rest: true)) },
  unary("fliplr", "x.flippedLeftRight()") { $0.flippedLeftRight() },
  unary("flipud", "x.flippedUpDown()") { $0.flippedUpDown() },
  op("rot90", "x.rotated(1, 0, 1)") { c in
    let axes = try c.ints("dims", 1)
    guard axes.isEmpty || axes.count == 2 else { throw CaseError("\(axes.count) dimensions") }
    return try c.x.rotated(c.int("k", 0) ?? 1, axes.first ?? 0, axes.last ?? 1)
  },
  ops("split", "x.split(2, dimension: 0)") { c in
    try c.x.split(c.int("split_size", 0) ?? 1, dimension: c.dim(1) ?? 0)
  },
  ops("split.list_args", "x.split([2, 3], dimension: 0)") { c in
    try c.x.split(c.ints("split_size", 0), dimension: c.dim(1) ?? 0)
  },
  ops("split_with_sizes", "x.split([2, 3], dimension: 0)") { c in
    try c.x.split(c.ints("split_sizes", 0), dimension: c.dim(1) ?? 0)
  },
  ops("chunk", "x.chunked(3, dimension: 0)") { c in
    try c.x.chunked(c.int("chunks", 0) ?? 1, dimension: c.dim(1) ?? 0)
  },
  ops("tensor_split", "x.tensorSplit(3), x.tensorSplit(before: [1, 4])") { c in
    let (x, axis) = (try c.x, try c.dim(1) ?? 0)
    switch c.value("indices_or_sections", 0) {
    case .int(let count): return x.tensorSplit(count, dimension: axis)
    case .tensor(let places) where places.rank == 0:
      return x.tensorSplit(Int(places.item()), dimension: axis)
    case .tensor(let places):
      return x.tensorSplit(before: places.scalars(as: Int64.self).map(Int.init), dimension: axis)
    default: return x.tensorSplit(before: try c.ints("indices_or_sections", 0), dimension: axis)
    }
  },
  ops("hsplit", "x.horizontallySplit(2)") { c in
    if case .int(let count) = c.value("sections", 0) { return try c.x.horizontallySplit(count) }
    return try c.x.horizontallySplit(before: c.ints("indices", 0))
  },
  ops("vsplit", "x.verticallySplit(2)") { c in
    if case .int(let count) = c.value("sections", 0) { return try c.x.verticallySplit(count) }
    return try c.x.verticallySplit(before: c.ints("indices", 0))
  },
  ops("unbind", "x.unbound(0)") { c in try c.x.unbound(c.dim(0) ?? 0) },
  op("unfold", "x.unfolded(0, size: 3, step: 1)") { c in
    try c.x.unfolded(
      c.int("dimension", 0) ?? 0, size: c.int("size", 1) ?? 0, step: c.int("step", 2) ?? 1)
  },
  ops("atleast_1d", "x.withRank(atLeast: 1)") { c in c.all.map { $0.withRank(atLeast: 1) } },
  ops("atleast_2d", "x.withRank(atLeast: 2)") { c in c.all.map { $0.withRank(atLeast: 2) } },
]

extension Case {
  /// The input and all tensors that follow it.
  var all: [Tensor] { input.tensors + arguments.flatMap(\.tensors) }
}

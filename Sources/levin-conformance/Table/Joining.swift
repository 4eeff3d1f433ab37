import LevinTensor

let joining: [Operation] = [
  op("cat", "Tensor.concatenated([a, b])") { c in
    Tensor.concatenated(c.list, dimension: try c.dim(0) ?? 0)
  },
  op("stack", "Tensor.stacked([a, b])") { c in
    Tensor.stacked(c.list, dimension: try c.dim(0) ?? 0)
  },
  op("hstack", "Tensor.horizontallyStacked([a, b])") { c in Tensor.horizontallyStacked(c.list) },
  op("vstack", "Tensor.verticallyStacked([a, b])") { c in Tensor.verticallyStacked(c.list) },
  op("dstack", "Tensor.depthStacked([a, b])") { c in Tensor.depthStacked(c.list) },
  op("column_stack", "Tensor.columnStacked([a, b])") { c in Tensor.columnStacked(c.list) },
  op("repeat", "x.repeated(2, 3)") { c in try c.x.repeated(c.ints("repeats", 0, rest: true)) },
  op("tile", "x.tiled([2, 3])") { c in try c.x.tiled(c.ints("dims", 0, rest: true)) },
  op("repeat_interleave", "x.repeatedInterleaving(2, dimension: 0)") { c in
    if case .tensor(let counts) = c.value("repeats", 0) {
      return try c.x.repeatedInterleaving(counts, dimension: c.dim(1))
    }
    return try c.x.repeatedInterleaving(c.int("repeats", 0) ?? 1, dimension: c.dim(1))
  },
  op("roll", "x.rolled([1], dimensions: [0])") { c in
    try c.x.rolled(c.ints("shifts", 0), dimensions: c.ints("dims", 1))
  },
  op("tril", "x.lowerTriangle()") { c in
    try c.x.lowerTriangle(diagonal: c.int("diagonal", 0) ?? 0)
  },
  op("triu", "x.upperTriangle()") { c in
    try c.x.upperTriangle(diagonal: c.int("diagonal", 0) ?? 0)
  },
  ops("meshgrid", "Tensor.meshGrid([x, y], indexing: .ij)") { c in
    Tensor.meshGrid(c.all, indexing: try c.text("indexing", -1) == "xy" ? .xy : .ij)
  },
]

import LevinTensor

let creation: [Operation] = [
  op("arange", "Tensor.arange(0, 10, step: 2)") { c in
    // arange(end), arange(start, end) and arange(start, end, step).
    let first = try Case.number(c.input)
    let (start, end, step): (Number, Number, Number?) =
      c.value("end", 0) == nil
      ? (.int(0), first, nil) : (first, try c.number("end", 0) ?? .int(0), try c.number("step", 1))
    return Tensor.arange(
      AnyNumber(number: start), AnyNumber(number: end), step: step.map(AnyNumber.init),
      dtype: try c.dtype("dtype", -1))
  },
  op("linspace", "Tensor.linspace(0, 1, count: 5)") { c in
    Tensor.linspace(
      try Case.number(c.input).double, try c.double("end", 0) ?? 0,
      count: try c.int("steps", 1) ?? 0,
      dtype: try c.dtype("dtype", -1) ?? .float32)
  },
  op("logspace", "Tensor.logspace(0, 1, count: 5)") { c in
    Tensor.logspace(
      try Case.number(c.input).double, try c.double("end", 0) ?? 0,
      count: try c.int("steps", 1) ?? 0,
      base: try c.double("base", 2) ?? 10, dtype: try c.dtype("dtype", -1) ?? .float32)
  },
  op("eye", "Tensor.eye(3)") { c in
    guard case .int(let rows) = c.input else { throw CaseError("no size") }
    return Tensor.eye(rows, try c.int("m", 0), dtype: try c.dtype("dtype", -1) ?? .float32)
  },
  op("full", "Tensor.full([2, 3], 7)") { c in
    Tensor.full(
      Shape(try Case.sizes(c.input)), try c.anyNumber("fill_value", 0, .int(0)),
      dtype: try c.dtype("dtype", -1))
  },
  op("ones", "Tensor.ones([2, 3])") { c in
    Tensor.ones(Shape(try Case.sizes(c.input)), dtype: try c.dtype("dtype", -1) ?? .float32)
  },
  op("zeros", "Tensor.zeros([2, 3])") { c in
    Tensor.zeros(Shape(try Case.sizes(c.input)), dtype: try c.dtype("dtype", -1) ?? .float32)
  },
  op("full_like", "x.fullLike(7)") { c in
    let (x, value) = (try c.x, try c.anyNumber("fill_value", 0, .int(0)))
    guard let dtype = try c.dtype("dtype", -1) else { return x.fullLike(value) }
    return Tensor.full(x.shape, value, dtype: dtype)
  },
  op("ones_like", "x.onesLike()") { c in
    try c.dtype("dtype", -1).map { Tensor.ones(try c.x.shape, dtype: $0) } ?? c.x.onesLike()
  },
  op("zeros_like", "x.zerosLike()") { c in
    try c.dtype("dtype", -1).map { Tensor.zeros(try c.x.shape, dtype: $0) } ?? c.x.zerosLike()
  },
  op("new_full", "Tensor.full([2, 3], 7, dtype: x.dtype)") { c in
    Tensor.full(
      Shape(try c.ints("size", 0)), try c.anyNumber("fill_value", 1, .int(0)),
      dtype: try c.dtype("dtype", -1) ?? c.x.dtype)
  },
  op("new_ones", "Tensor.ones([2, 3], dtype: x.dtype)") { c in
    Tensor.ones(Shape(try c.ints("size", 0)), dtype: try c.dtype("dtype", -1) ?? c.x.dtype)
  },
  op("new_zeros", "Tensor.zeros([2, 3], dtype: x.dtype)") { c in
    Tensor.zeros(Shape(try c.ints("size", 0)), dtype: try c.dtype("dtype", -1) ?? c.x.dtype)
  },
  op("tril_indices", "Tensor.lowerTriangleIndices(3, 3)") { c in
    guard case .int(let rows) = c.input else { throw CaseError("no size") }
    return Tensor.lowerTriangleIndices(
      rows, try c.int("col", 0) ?? 0, offset: try c.int("offset", 1) ?? 0,
      dtype: try c.dtype("dtype", -1) ?? .int64)
  },
  op("triu_indices", "Tensor.upperTriangleIndices(3, 3)") { c in
    guard case .int(let rows) = c.input else { throw CaseError("no size") }
    return Tensor.upperTriangleIndices(
      rows, try c.int("col", 0) ?? 0, offset: try c.int("offset", 1) ?? 0,
      dtype: try c.dtype("dtype", -1) ?? .int64)
  },
]

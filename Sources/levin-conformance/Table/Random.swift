import LevinTensor

let draws: [Operation] = [
  op("bernoulli", "x.bernoulli()") { c in
    guard let p = try c.double("p", 0) else { return try c.x.bernoulli() }
    return Tensor.full(try c.x.shape, p).bernoulli().to(try c.x.dtype)
  },
  op("multinomial", "x.multinomial(3)") { c in
    try c.x.multinomial(c.int("num_samples", 0) ?? 0, replacement: c.bool("replacement", 1))
  },
  op("normal", "Tensor.normal(mean: mean, deviation: deviation)") { c in
    switch (c.input, c.value("std", 0)) {
    case (.tensor(let mean), .tensor(let deviation)):
      return .normal(mean: mean, deviation: deviation)
    case (.tensor(let mean), let deviation):
      let number = try deviation.map { try Case.number($0).double } ?? 1
      return .normal(mean: mean, deviation: Tensor.full([], number, dtype: mean.dtype))
    default: throw CaseError("normal of \(c.input)")
    }
  },
  op("normal.number_mean", "Tensor.normal([2, 3], mean: 0, deviation: 1)") { c in
    // The suite's input is the standard deviation.
    let deviation = try Case.number(c.input).double
    if case .tensor(let tensor) = c.value("mean", 0) {
      return .normal(
        mean: tensor, deviation: Tensor.full([], deviation, dtype: tensor.dtype))
    }
    return .normal(
      Shape(try c.ints("size", 1)), mean: try c.double("mean", 0) ?? 0, deviation: deviation,
      dtype: try c.dtype("dtype", -1) ?? .float32)
  },
  op("normal.in_place", "Tensor.normal([2, 3], mean: 0, deviation: 1)") { c in
    .normal(
      try c.x.shape, mean: try c.double("mean", 0) ?? 0, deviation: try c.double("std", 1) ?? 1,
      dtype: try c.x.dtype)
  },
  op("uniform", "Tensor.uniform([2, 3], -1, 1)") { c in
    .uniform(
      try c.x.shape, try c.double("from", 0) ?? 0, try c.double("to", 1) ?? 1, dtype: try c.x.dtype)
  },
  op("rand_like", "Tensor.rand(x.shape, dtype: x.dtype)") { c in
    .rand(try c.x.shape, dtype: try c.dtype("dtype", -1) ?? c.x.dtype)
  },
  op("randn", "Tensor.randn([2, 3])") { c in
    .randn(Shape(try Case.sizes(c.input)), dtype: try c.dtype("dtype", -1) ?? .float32)
  },
  op("randn_like", "Tensor.randn(x.shape, dtype: x.dtype)") { c in
    .randn(try c.x.shape, dtype: try c.dtype("dtype", -1) ?? c.x.dtype)
  },
  op("randint", "Tensor.randint(0..<10, [2, 3])") { c in
    // randint(high, size) and randint(low, high, size).
    let first = Int(try Case.number(c.input).double)
    let hasLow = c.arguments.count > 1 || c.keywords.contains { $0.name == "high" }
    let range = try hasLow ? first..<(c.int("high", 0) ?? 0) : 0..<first
    return .randint(
      range, Shape(try c.ints("size", hasLow ? 1 : 0)), dtype: try c.dtype("dtype", -1) ?? .int64)
  },
  op("randint_like", "Tensor.randint(0..<10, x.shape, dtype: x.dtype)") { c in
    let first = try c.int("low", 0) ?? 0
    let second = try c.int("high", 1)
    return .randint(
      second.map { first..<$0 } ?? 0..<first, try c.x.shape,
      dtype: try c.dtype("dtype", -1) ?? c.x.dtype)
  },
  op("nn.functional.dropout", "x.dropout(0.5)") { c in
    try c.flag("training", 1, true) ? c.x.dropout(c.double("p", 0) ?? 0.5) : c.x
  },
  op("nn.functional.dropout2d", "x.dropout2d(0.5)") { c in
    try c.flag("training", 1, true) ? c.x.dropout2d(c.double("p", 0) ?? 0.5) : c.x
  },
]

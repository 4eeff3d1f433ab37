import LevinTensor

let comparisons: [Operation] = [
  pair("eq", "a .== b", { $0 .== $1 }) { $0 .== $1 },
  pair("ne", "a .!= b", { $0 .!= $1 }) { $0 .!= $1 },
  pair("lt", "a .< b", { $0 .< $1 }) { $0 .< $1 },
  pair("le", "a .<= b", { $0 .<= $1 }) { $0 .<= $1 },
  pair("gt", "a .> b", { $0 .> $1 }) { $0 .> $1 },
  pair("ge", "a .>= b", { $0 .>= $1 }) { $0 .>= $1 },
  binary("logical_and", "a .& b") { $0 .& $1 },
  binary("logical_or", "a .| b") { $0 .| $1 },
  binary("logical_xor", "a .^ b") { $0 .^ $1 },
  unary("logical_not", ".!x") { .!$0 },
  unary("isnan", "x.isNaN()") { $0.isNaN() },
  unary("isinf", "x.isInfinite()") { $0.isInfinite() },
  unary("isfinite", "x.isFinite()") { $0.isFinite() },
  unary("isneginf", "x .== -Double.infinity") { $0 .== -Double.infinity },
  unary("isposinf", "x .== Double.infinity") { $0 .== Double.infinity },
  op("isclose", "a.isClose(to: b)") { c in
    try c.x.isClose(
      to: c.tensor("other", 0), relative: c.double("rtol", 1) ?? 1e-5,
      absolute: c.double("atol", 2) ?? 1e-8, equalNaN: c.bool("equal_nan", 3))
  },
  op("allclose", "a.allClose(to: b)") { c in
    Tensor(
      try c.x.allClose(
        to: c.tensor("other", 0), relative: c.double("rtol", 1) ?? 1e-5,
        absolute: c.double("atol", 2) ?? 1e-8, equalNaN: c.bool("equal_nan", 3)))
  },
  op("equal", "a.isEqual(to: b)") { c in Tensor(try c.x.isEqual(to: c.second)) },
  op("isin", "x.isIn(members)") { c in
    let members = c.value("test_elements", 0) ?? c.other
    let found = try c.asTensor(c.input, "elements").isIn(c.asTensor(members, "test_elements"))
    return try c.bool("invert", -1) ? .!found : found
  },
  binary("maximum", "Tensor.maximum(a, b)") { Tensor.maximum($0, $1) },
  binary("minimum", "Tensor.minimum(a, b)") { Tensor.minimum($0, $1) },
  binary("max.binary", "Tensor.maximum(a, b)") { Tensor.maximum($0, $1) },
  binary("min.binary", "Tensor.minimum(a, b)") { Tensor.minimum($0, $1) },
  binary("fmax", "Tensor.fmax(a, b)") { Tensor.fmax($0, $1) },
  binary("fmin", "Tensor.fmin(a, b)") { Tensor.fmin($0, $1) },
  op("where", "Tensor.where(condition, a, b)") { c in
    Tensor.where(
      try c.tensor("condition", 0), try c.x, try c.asTensor(c.value("other", 1), "other"))
  },
  op("masked_fill", "x.maskedFill(mask, with: 0)") { c in
    let (x, mask) = (try c.x, try c.tensor("mask", 0))
    if case .tensor(let value) = c.value("value", 1) { return x.maskedFill(mask, with: value) }
    return x.maskedFill(mask, with: try c.anyNumber("value", 1, .int(0)))
  },
]

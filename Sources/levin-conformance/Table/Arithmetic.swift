import LevinTensor

let arithmetic: [Operation] = [
  op("add", "a + b") { c in
    let alpha = try c.number("alpha", 1)
    guard case .tensor(let other) = c.other else { return try c.x + c.number(times: alpha) }
    return try c.x + (alpha.map { other * AnyNumber(number: $0) } ?? other)
  },
  op("sub", "a - b") { c in
    let alpha = try c.number("alpha", 1)
    guard case .tensor(let other) = c.other else { return try c.x - c.number(times: alpha) }
    return try c.x - (alpha.map { other * AnyNumber(number: $0) } ?? other)
  },
  op("rsub", "b - a") { c in
    let product = try c.number("alpha", 1).map { try c.x * AnyNumber(number: $0) } ?? c.x
    if case .tensor(let other) = c.other { return other - product }
    return try c.anyNumber("other", 0, .int(0)) - product
  },
  pair("mul", "a * b", { $0 * $1 }) { $0 * $1 },
  pair("div", "a / b", { $0 / $1 }) { $0 / $1 },
  pair("true_divide", "a / b", { $0 / $1 }) { $0 / $1 },
  pair(
    "div.floor_rounding", "a.divided(by: b, rounding: .floor)",
    { $0.divided(by: $1, rounding: .floor) }
  ) { $0.divided(by: $1, rounding: .floor) },
  pair(
    "div.trunc_rounding", "a.divided(by: b, rounding: .truncate)",
    { $0.divided(by: $1, rounding: .truncate) }
  ) { $0.divided(by: $1, rounding: .truncate) },
  pair(
    "floor_divide", "a.divided(by: b, rounding: .floor)",
    { $0.divided(by: $1, rounding: .floor) }
  ) { $0.divided(by: $1, rounding: .floor) },
  pair("remainder", "a.remainder(dividingBy: b)", { $0.remainder(dividingBy: $1) }) {
    $0.remainder(dividingBy: $1)
  },
  pair("fmod", "a.fmod(b)", { $0.fmod($1) }) { $0.fmod($1) },
  pair("pow", "x.power(y)", { $0.power($1) }) { $0.power($1) },
  op("float_power", "x.to(.float64).power(y.to(.float64))") { c in
    try c.x.to(.float64).power(c.second.to(.float64))
  },
  pair("__radd__", "2 + x", { $1 + $0 }) { $1 + $0 },
  pair("__rmul__", "2 * x", { $1 * $0 }) { $1 * $0 },
  pair("__rsub__", "2 - x", { $1 - $0 }) { $1 - $0 },
  pair("__rdiv__", "2 / x", { $1 / $0 }) { $1 / $0 },
  pair("__rpow__", "Tensor.power(2, x)", { $1.power($0) }) { Tensor.power($1, $0) },
  pair("__rmod__", "Tensor.remainder(2, dividingBy: x)", { $1.remainder(dividingBy: $0) }) {
    Tensor.remainder($1, dividingBy: $0)
  },
  pair("__rand__", "x & y", { $1 & $0 }) { $0 & $1 },
  pair("__ror__", "x | y", { $1 | $0 }) { $0 | $1 },
  pair("__rxor__", "x ^ y", { $1 ^ $0 }) { $0 ^ $1 },
  pair("bitwise_and", "a & b", { $0 & $1 }) { $0 & $1 },
  pair("bitwise_or", "a | b", { $0 | $1 }) { $0 | $1 },
  pair("bitwise_xor", "a ^ b", { $0 ^ $1 }) { $0 ^ $1 },
  unary("bitwise_not", "~x") { ~$0 },
  pair("bitwise_left_shift", "a << b", { $0 << $1 }) { $0 << $1 },
  pair("bitwise_right_shift", "a >> b", { $0 >> $1 }) { $0 >> $1 },
  op("addcmul", "x.addingProduct(of: a, and: b, value: v)") { c in
    try c.x.addingProduct(
      of: c.tensor("tensor1", 0), and: c.tensor("tensor2", 1),
      value: c.anyNumber("value", -1, .int(1)))
  },
  op("addcdiv", "x.addingQuotient(of: a, and: b, value: v)") { c in
    try c.x.addingQuotient(
      of: c.tensor("tensor1", 0), and: c.tensor("tensor2", 1),
      value: c.anyNumber("value", -1, .int(1)))
  },
  op("lerp", "x.lerp(end, weight)") { c in
    let (x, end) = (try c.x, try c.tensor("end", 0))
    if let weight = try? c.tensor("weight", 1) { return x.lerp(end, weight) }
    return x.lerp(end, try c.double("weight", 1) ?? 0)
  },
  binary("hypot", "x.hypot(y)") { $0.hypot($1) },
  pair("copysign", "x.copySign(y)", { $0.copySign($1) }) {
    $0.copySign(Tensor.full([], $1))
  },
  binary("atan2", "y.atan2(x)") { $0.atan2($1) },
  binary("logaddexp", "a.logAddExp(b)") { $0.logAddExp($1) },
  binary("logaddexp2", "a.logAddExp2(b)") { $0.logAddExp2($1) },
  binary("xlogy", "x.xlogy(y)") { $0.xlogy($1) },
  binary("special.xlog1py", "x.xlog1py(y)") { $0.xlog1py($1) },
  op("heaviside", "x.heaviside(values)") { c in
    try c.x.heaviside(c.asTensor(c.value("values", 0) ?? c.other, "values"))
  },
  unary("neg", "-x") { -$0 },
  unary("positive", "x") { $0 },
  unary("abs", "x.absolute()") { $0.absolute() },
  unary("sign", "x.sign()") { $0.sign() },
  unary("sgn", "x.sign()") { $0.sign() },
  unary("signbit", "x.signBit()") { $0.signBit() },
  unary("reciprocal", "x.reciprocal()") { $0.reciprocal() },
  unary("square", "x.squared()") { $0.squared() },
  unary("floor", "x.floor()") { $0.floor() },
  unary("ceil", "x.ceil()") { $0.ceil() },
  unary("trunc", "x.trunc()") { $0.trunc() },
  unary("frac", "x.frac()") { $0.frac() },
  op("round", "x.round(decimals: 3)") { c in
    try c.x.round(decimals: c.int("decimals", 0) ?? 0)
  },
  op("clamp", "x.clamped(low, high)") { c in
    let bounds = try ["min", "max"].enumerated().map { place, name -> Tensor? in
      guard let value = c.value(name, place) else { return nil }
      if case .tensor(let tensor) = value { return tensor }
      return try c.number(name, place).map { Tensor.full([], AnyNumber(number: $0)) }
    }
    return try c.x.clamped(bounds[0], bounds[1])
  },
  op("clamp_max", "x.clamped(atMost: high)") { c in
    try c.x.clamped(atMost: c.asTensor(c.value("max", 0), "max"))
  },
  op("clamp_min", "x.clamped(atLeast: low)") { c in
    try c.x.clamped(atLeast: c.asTensor(c.value("min", 0), "min"))
  },
  op("nan_to_num", "x.replacingNaN(0)") { c in
    try c.x.replacingNaN(
      c.double("nan", 0) ?? 0, positiveInfinity: c.double("posinf", 1),
      negativeInfinity: c.double("neginf", 2))
  },
]

extension Case {
  /// The second operand, a number, times another one.
  fileprivate func number(times factor: Number?) throws -> AnyNumber {
    let number = try anyNumber("other", 0, .int(0)).number
    return switch (number, factor) {
    case (_, nil): AnyNumber(number: number)
    case (.int(let a), .int(let b)?): AnyNumber(number: .int(a &* b))
    case (_, let factor?): AnyNumber(number: .double(number.double * factor.double))
    }
  }
}

import LevinTensor

let functions: [Operation] = [
  unary("sqrt", "x.sqrt()") { $0.sqrt() },
  unary("rsqrt", "x.rsqrt()") { $0.rsqrt() },
  unary("exp", "x.exp()") { $0.exp() },
  unary("exp2", "x.exp2()") { $0.exp2() },
  unary("expm1", "x.expm1()") { $0.expm1() },
  unary("log", "x.log()") { $0.log() },
  unary("log2", "x.log2()") { $0.log2() },
  unary("log10", "x.log10()") { $0.log10() },
  unary("log1p", "x.log1p()") { $0.log1p() },
  unary("sin", "x.sin()") { $0.sin() },
  unary("cos", "x.cos()") { $0.cos() },
  unary("tan", "x.tan()") { $0.tan() },
  unary("asin", "x.asin()") { $0.asin() },
  unary("acos", "x.acos()") { $0.acos() },
  unary("atan", "x.atan()") { $0.atan() },
  unary("sinh", "x.sinh()") { $0.sinh() },
  unary("cosh", "x.cosh()") { $0.cosh() },
  unary("tanh", "x.tanh()") { $0.tanh() },
  unary("asinh", "x.asinh()") { $0.asinh() },
  unary("acosh", "x.acosh()") { $0.acosh() },
  unary("atanh", "x.atanh()") { $0.atanh() },
  unary("sigmoid", "x.sigmoid()") { $0.sigmoid() },
  op("logit", "x.logit(epsilon: 1e-6)") { c in try c.x.logit(epsilon: c.double("eps", 0)) },
  unary("erf", "x.erf()") { $0.erf() },
  unary("erfc", "x.erfc()") { $0.erfc() },
  unary("erfinv", "x.erfInverse()") { $0.erfInverse() },
  unary("lgamma", "x.logGamma()") { $0.logGamma() },
  unary("digamma", "x.digamma()") { $0.digamma() },
  op("polygamma", "x.polygamma(1)") { c in try c.x.polygamma(c.int("n", 0) ?? 0) },
  unary("deg2rad", "x.degreesToRadians()") { $0.degreesToRadians() },
  unary("rad2deg", "x.radiansToDegrees()") { $0.radiansToDegrees() },
  unary("float", "x.to(.float32)") { $0.to(.float32) },
  unary("double", "x.to(.float64)") { $0.to(.float64) },
  unary("half", "x.to(.float16)") { $0.to(.float16) },
  unary("bfloat16", "x.to(.bfloat16)") { $0.to(.bfloat16) },
  unary("int", "x.to(.int32)") { $0.to(.int32) },
  unary("long", "x.to(.int64)") { $0.to(.int64) },
  unary("byte", "x.to(.uint8)") { $0.to(.uint8) },
  unary("bool", "x.to(.bool)") { $0.to(.bool) },
  op("to", "x.to(.float64)") { c in
    let x = try c.x
    for value in c.arguments + c.keywords.map(\.value) {
      if case .dtype(let dtype) = value { return x.to(dtype) }
      if case .tensor(let other) = value { return x.to(other.dtype) }
    }
    return x
  },
  unary("clone", "x.cloned()") { $0.cloned() },
  unary("contiguous", "x.contiguous()") { $0.contiguous() },
]

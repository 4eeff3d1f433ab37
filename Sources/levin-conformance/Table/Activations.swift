import LevinTensor

let activations: [Operation] = [
  unary("nn.functional.relu", "x.relu()") { $0.relu() },
  unary("nn.functional.relu6", "x.relu6()") { $0.relu6() },
  op("nn.functional.gelu", "x.gelu()") { c in
    let name = try c.text("approximate", 0) ?? "none"
    guard let way = Tensor.GELUApproximation(rawValue: name) else {
      throw CaseError("approximate \(name)")
    }
    return try c.x.gelu(approximate: way)
  },
  unary("nn.functional.silu", "x.silu()") { $0.silu() },
  unary("nn.functional.mish", "x.mish()") { $0.mish() },
  unary("nn.functional.selu", "x.selu()") { $0.selu() },
  unary("nn.functional.softsign", "x.softsign()") { $0.softsign() },
  unary("nn.functional.tanhshrink", "x.tanhshrink()") { $0.tanhshrink() },
  unary("nn.functional.logsigmoid", "x.logSigmoid()") { $0.logSigmoid() },
  unary("nn.functional.hardsigmoid", "x.hardsigmoid()") { $0.hardsigmoid() },
  unary("nn.functional.hardswish", "x.hardswish()") { $0.hardswish() },
  op("nn.functional.elu", "x.elu(alpha: 1)") { c in
    try c.x.elu(alpha: c.double("alpha", 0) ?? 1)
  },
  op("nn.functional.celu", "x.celu(alpha: 1)") { c in
    try c.x.celu(alpha: c.double("alpha", 0) ?? 1)
  },
  op("nn.functional.leaky_relu", "x.leakyReLU(negativeSlope: 0.01)") { c in
    try c.x.leakyReLU(negativeSlope: c.double("negative_slope", 0) ?? 0.01)
  },
  op("nn.functional.prelu", "x.prelu(weight)") { c in
    try c.x.prelu(c.tensor("weight", 0))
  },
  op("nn.functional.softplus", "x.softplus(beta: 1, threshold: 20)") { c in
    try c.x.softplus(
      beta: c.double("beta", 0) ?? 1, threshold: c.double("threshold", 1) ?? 20)
  },
  op("nn.functional.threshold", "x.threshold(0.1, 0)") { c in
    try c.x.threshold(c.double("threshold", 0) ?? 0, c.double("value", 1) ?? 0)
  },
  op("nn.functional.hardtanh", "x.hardtanh(-1, 1)") { c in
    try c.x.hardtanh(c.double("min_val", 0) ?? -1, c.double("max_val", 1) ?? 1)
  },
  op("nn.functional.hardshrink", "x.hardshrink(0.5)") { c in
    try c.x.hardshrink(c.double("lambd", 0) ?? 0.5)
  },
  op("nn.functional.softshrink", "x.softshrink(0.5)") { c in
    try c.x.softshrink(c.double("lambd", 0) ?? 0.5)
  },
  op("nn.functional.glu", "x.glu(dimension: -1)") { c in
    try c.x.glu(dimension: c.int("dim", 0) ?? -1)
  },
  op("softmax", "x.softmax(dimension: -1)") { c in
    try c.x.softmax(dimension: c.int("dim", 0) ?? -1, dtype: c.dtype("dtype", 2))
  },
  op("log_softmax", "x.logSoftmax(dimension: -1)") { c in
    try c.x.logSoftmax(dimension: c.int("dim", 0) ?? -1, dtype: c.dtype("dtype", 2))
  },
  op("nn.functional.softmin", "x.softmin(dimension: -1)") { c in
    try c.x.softmin(dimension: c.int("dim", 0) ?? -1, dtype: c.dtype("dtype", 2))
  },
]

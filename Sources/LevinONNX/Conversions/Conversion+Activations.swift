internal import LevinTensor

extension Conversion {
  func activations() throws -> [String]? {
    switch step.name {
    case "relu()": return try unary("Relu")
    case "tanh()": return try unary("Tanh")
    case "sigmoid()": return try unary("Sigmoid")
    case "softsign()": return try unary("Softsign")
    case "elu()":
      return [
        node(
          "Elu", [try input(0)], [("alpha", .float(try double("alpha")))])
      ]
    case "celu()":
      return [
        node(
          "Celu", [try input(0)], [("alpha", .float(try double("alpha")))])
      ]
    case "selu()":
      return [
        node(
          "Selu", [try input(0)],
          [("alpha", .float(1.673_263_242_354_377_2)), ("gamma", .float(1.050_700_987_355_480_5))])
      ]
    case "leakyReLU()":
      return [
        node(
          "LeakyRelu", [try input(0)],
          [("alpha", .float(try double("negativeSlope")))])
      ]
    case "prelu(_:)":
      // A slope for each channel is `[channels, 1, …]`, which broadcasts from the last dimension.
      let (x, slope) = (try input(0), try input(1))
      let rank = inputs[0].rank
      guard inputs[1].first.elementCount > 1, rank > 2 else {
        return [node("PRelu", [x, slope])]
      }
      let axes = constant(Array(1..<(rank - 1)))
      return [node("PRelu", [x, node("Unsqueeze", [slope, axes])])]
    case "softplus()":
      let (beta, threshold) = (try double("beta"), try double("threshold"))
      let x = try input(0)
      let scaled = beta == 1 ? x : node("Mul", [x, constant(beta)])
      let curve = node("Softplus", [scaled])
      let result = beta == 1 ? curve : node("Div", [curve, constant(beta)])
      // From 20 on a float32 cannot tell the curve from the line.
      if threshold >= 20, output.dtype != .float64 { return [result] }
      let isLine = node("Greater", [scaled, constant(threshold)])
      return [node("Where", [isLine, x, result])]
    case "logSigmoid()":
      let negative = node("Neg", [try input(0)])
      return [node("Neg", [node("Softplus", [negative])])]
    case "silu()":
      let x = try input(0, as: output.dtype)
      return [node("Mul", [x, node("Sigmoid", [x])])]
    case "mish()":
      let x = try input(0)
      let curve = node("Tanh", [node("Softplus", [x])])
      return [node("Mul", [x, curve])]
    case "gelu()":
      let x = try input(0, as: output.dtype)
      let scaled = node("Div", [x, constant(2.0.squareRoot())])
      let sum = node("Add", [node("Erf", [scaled]), constant(1)])
      let product = node("Mul", [x, sum])
      return [node("Mul", [product, constant(0.5)])]
    case "gelu(approximate: .tanh)":
      let x = try input(0, as: output.dtype)
      let cube = node("Mul", [node("Mul", [x, x]), x])
      let inner = node(
        "Add", [x, node("Mul", [cube, constant(0.044715)])])
      let scaled = node(
        "Mul", [inner, constant((2 / Double.pi).squareRoot())])
      let sum = node("Add", [node("Tanh", [scaled]), constant(1)])
      let product = node("Mul", [x, sum])
      return [node("Mul", [product, constant(0.5)])]
    case "hardsigmoid()":
      return [
        node(
          "HardSigmoid", [try input(0)],
          [("alpha", .float(1.0 / 6)), ("beta", .float(0.5))])
      ]
    case "hardswish()": return try unary("HardSwish")
    case "hardtanh(_:_:)":
      return [
        node(
          "Clip",
          [
            try input(0), constant(try double("low")),
            constant(try double("high")),
          ])
      ]
    case "hardshrink(_:)":
      return [shrink(try input(0), try double("lambda"), bias: 0)]
    case "softshrink(_:)":
      let lambda = try double("lambda")
      return [shrink(try input(0), lambda, bias: lambda)]
    case "threshold(_:_:)":
      let x = try input(0)
      let isAbove = node(
        "Greater", [x, constant(try double("threshold"))])
      return [
        node(
          "Where", [isAbove, x, constant(try double("value"))])
      ]
    case "softmax(dimension:)": return try softmax("Softmax")
    case "logSoftmax(dimension:)": return try softmax("LogSoftmax")
    default: return nil
    }
  }

  private func shrink(
    _ value: String, _ lambda: Double, bias: Double
  ) -> String {
    node("Shrink", [value], [("bias", .float(bias)), ("lambd", .float(lambda))])
  }

  private func softmax(
    _ operation: String
  ) throws -> [String]? {
    guard inputs[0].rank > 0 else { return nil }
    return [
      node(
        operation, [try input(0)], [("axis", .int(try int("dimension")))])
    ]
  }
}

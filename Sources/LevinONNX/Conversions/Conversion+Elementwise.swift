internal import LevinTensor

extension Conversion {
  func arithmetic() throws -> [String]? {
    switch step.name {
    case "+": return try binary("Add")
    case "-":
      return try inputs.count == 1 ? unary("Neg") : binary("Sub")
    case "*": return try binary("Mul")
    case "/": return try binary("Div")
    case "power(_:)": return try binary("Pow")
    case "maximum(_:_:)": return try binary("Max")
    case "minimum(_:_:)": return try binary("Min")
    case "divided(by:rounding: .floor)":
      let dtype = output.dtype
      let (a, b) = (try input(0, as: dtype), try input(1, as: dtype))
      if dtype.isFloatingPoint {
        return [node("Floor", [node("Div", [a, b])])]
      }
      // ONNX's quotient of integers is rounded towards zero, its remainder has the divisor's sign.
      let rest = node("Mod", [a, b])
      return [node("Div", [node("Sub", [a, rest]), b])]
    case "divided(by:rounding: .truncate)":
      let dtype = output.dtype
      let quotient = node(
        "Div", [try input(0, as: dtype), try input(1, as: dtype)])
      guard dtype.isFloatingPoint else { return [quotient] }
      return [truncated(quotient)]
    case "remainder(dividingBy:)":
      let dtype = output.dtype
      let (a, b) = (try input(0, as: dtype), try input(1, as: dtype))
      guard dtype.isFloatingPoint else { return [node("Mod", [a, b])] }
      let quotient = node("Floor", [node("Div", [a, b])])
      return [node("Sub", [a, node("Mul", [quotient, b])])]
    case "fmod(_:)":
      let dtype = output.dtype
      return [
        node(
          "Mod", [try input(0, as: dtype), try input(1, as: dtype)],
          [("fmod", .int(1))])
      ]
    case "to(_:)": return [try input(0, as: output.dtype)]
    case "cloned()": return [try input(0)]
    default: return nil
    }
  }

  /// Rounded towards zero.
  func truncated(_ value: String) -> String {
    node(
      "Mul",
      [
        node("Sign", [value]),
        node("Floor", [node("Abs", [value])]),
      ])
  }

  private func comparison(_ operation: String, negated: Bool = false) throws -> [String]? {
    let dtype = DType.result(inputs[0].first, inputs[1].first)
    // onnxruntime compares no bools and bytes.
    let compared = dtype == .bool || dtype == .uint8 ? .int32 : dtype
    let result = node(
      operation, [try input(0, as: compared), try input(1, as: compared)])
    return [negated ? node("Not", [result]) : result]
  }

  private func logical(_ operation: String) throws -> [String]? {
    [
      node(
        operation, [try input(0, as: .bool), try input(1, as: .bool)])
    ]
  }

  func comparisons() throws -> [String]? {
    switch step.name {
    case ".==": return try comparison("Equal")
    case ".!=": return try comparison("Equal", negated: true)
    case ".<": return try comparison("Less")
    case ".<=": return try comparison("LessOrEqual")
    case ".>": return try comparison("Greater")
    case ".>=": return try comparison("GreaterOrEqual")
    case ".&": return try logical("And")
    case ".|": return try logical("Or")
    case ".^": return try logical("Xor")
    case "isNaN()":
      return inputs[0].dtype.isFloatingPoint
        ? [node("IsNaN", [try input(0)])] : nil
    case "where(_:_:_:)":
      let dtype = output.dtype
      return [
        node(
          "Where",
          [
            try input(0), try input(1, as: dtype),
            try input(2, as: dtype),
          ])
      ]
    default: return nil
    }
  }

  func functions() throws -> [String]? {
    switch step.name {
    case "exp()": return try unary("Exp")
    case "log()": return try unary("Log")
    case "sqrt()": return try unary("Sqrt")
    case "reciprocal()": return try unary("Reciprocal")
    case "absolute()": return try unary("Abs")
    case "sin()": return try unary("Sin")
    case "cos()": return try unary("Cos")
    case "tan()": return try unary("Tan")
    case "asin()": return try unary("Asin")
    case "acos()": return try unary("Acos")
    case "atan()": return try unary("Atan")
    case "sinh()": return try unary("Sinh")
    case "cosh()": return try unary("Cosh")
    case "asinh()": return try unary("Asinh")
    case "acosh()": return try unary("Acosh")
    case "atanh()": return try unary("Atanh")
    case "erf()": return try unary("Erf")
    case "sign()": return try unary("Sign")
    case "floor()": return try unary("Floor")
    case "ceil()": return try unary("Ceil")
    case "round(decimals:)":
      guard try int("decimals") == 0 else { return nil }
      guard output.dtype.isFloatingPoint else { return [try input(0)] }
      return [node("Round", [try input(0)])]
    case "trunc()":
      return output.dtype.isFloatingPoint
        ? [truncated(try input(0))] : [try input(0)]
    case "rsqrt()":
      let root = node("Sqrt", [try input(0, as: output.dtype)])
      return [node("Reciprocal", [root])]
    case "squared()":
      let x = try input(0)
      return [node("Mul", [x, x])]
    case "exp2()":
      return [
        node(
          "Pow",
          [constant(2), try input(0, as: output.dtype)])
      ]
    case "expm1()":
      let power = node("Exp", [try input(0, as: output.dtype)])
      return [node("Sub", [power, constant(1)])]
    case "log1p()":
      let sum = node(
        "Add", [try input(0, as: output.dtype), constant(1)])
      return [node("Log", [sum])]
    case "log2()": return try logarithm(0.693_147_180_559_945_3)
    case "log10()": return try logarithm(2.302_585_092_994_046)
    case "erfc()":
      let erf = node("Erf", [try input(0, as: output.dtype)])
      return [node("Sub", [constant(1), erf])]
    case "raised(to:)":
      return [node("Max", [try input(0), constant(try double("least"))])]
    case "clamped(_:_:)":
      let (dtype, given) = (output.dtype, try given())
      var value = try input(0, as: dtype)
      if let low = given["low"] {
        value = node("Max", [value, try input(low, as: dtype)])
      }
      if let high = given["high"] {
        value = node("Min", [value, try input(high, as: dtype)])
      }
      return [value]
    default: return nil
    }
  }

  /// The logarithm to a base with the natural logarithm `scale`.
  private func logarithm(_ scale: Double) throws -> [String]? {
    let natural = node("Log", [try input(0, as: output.dtype)])
    return [node("Div", [natural, constant(scale)])]
  }
}

import CLevinKernels
import Foundation
import LevinTensor

/// The functions of one element, as PyTorch defines them.
func value(_ function: UnaryFunction, _ element: Element) -> Element {
  switch element {
  case .integer(let x): .integer(value(function, x))
  case .float(let x): .float(value(function, x))
  }
}

private func value(_ function: UnaryFunction, _ x: Int64) -> Int64 {
  switch function {
  case .negate: 0 &- x
  case .absolute: x < 0 ? 0 &- x : x
  case .sign: x.signum()
  case .square: x &* x
  case .relu: max(x, 0)
  case .floor, .ceil, .round, .trunc: x
  case .bitwiseNot: ~x
  default: fatalError("a function of integers that there is none of: \(function.rawValue)")
  }
}

private func value(_ function: UnaryFunction, _ x: Double) -> Double {
  switch function {
  case .negate: return -x
  case .absolute: return x.magnitude
  case .sign: return x > 0 ? 1 : x < 0 ? -1 : x.isNaN ? signOfNaN : 0
  case .square: return x * x
  case .sqrt: return x.squareRoot()
  case .reciprocalSqrt: return 1 / x.squareRoot()
  case .reciprocal: return 1 / x
  case .exp: return exp(x)
  case .exp2: return exp2(x)
  case .expm1: return expm1(x)
  case .log: return log(x)
  case .log2: return log2(x)
  case .log10: return log10(x)
  case .log1p: return log1p(x)
  case .sin: return sin(x)
  case .cos: return cos(x)
  case .tan: return tan(x)
  case .asin: return asin(x)
  case .acos: return acos(x)
  case .atan: return atan(x)
  case .sinh: return sinh(x)
  case .cosh: return cosh(x)
  case .asinh: return asinh(x)
  case .acosh: return acosh(x)
  case .atanh: return atanh(x)
  case .tanh: return tanh(x)
  case .sigmoid: return 1 / (1 + exp(-x))
  case .relu: return x < 0 ? 0 : x
  case .gelu: return x * normal(x)
  case .geluTanh: return x * (1 + tanh(geluArgument(x))) / 2
  case .silu: return x / (1 + exp(-x))
  case .erf: return erf(x)
  case .erfc: return erfc(x)
  case .logGamma: return x == -.infinity ? .infinity : lgamma(x)
  case .floor: return x.rounded(.down)
  case .ceil: return x.rounded(.up)
  case .round: return x.rounded(.toNearestOrEven)
  case .trunc: return x.rounded(.towardZero)
  case .bitwiseNot: fatalError("bits of a float")
  @unknown default:
    fatalError("a function that the reference backend does not know: \(function.rawValue)")
  }
}

/// The normal distribution's integral.
private func normal(_ x: Double) -> Double { (1 + erf(x / 2.0.squareRoot())) / 2 }

private func geluArgument(_ x: Double) -> Double {
  (x + 0.044715 * x * x * x) * (2 / Double.pi).squareRoot()
}

/// `torch.sign` of NaN is 0.
private let signOfNaN = 0.0

func value(_ function: BinaryFunction, _ a: Element, _ b: Element) -> Element {
  if case .integer(let x) = a, case .integer(let y) = b { return .integer(value(function, x, y)) }
  return .float(value(function, a.double, b.double))
}

private func value(_ function: BinaryFunction, _ x: Int64, _ y: Int64) -> Int64 {
  switch function {
  case .add: return x &+ y
  case .subtract: return x &- y
  case .multiply: return x &* y
  case .truncDivide: return y == -1 ? 0 &- x : x / y
  case .floorDivide:
    if y == -1 { return 0 &- x }
    return x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0)
  case .remainder:
    if y == -1 { return 0 }
    let rest = x % y
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
  case .truncRemainder: return y == -1 ? 0 : x % y
  case .power:
    if y < 0 { return x == 1 ? 1 : x == -1 ? (y % 2 == 0 ? 1 : -1) : 0 }
    var (result, base, exponent): (Int64, Int64, Int64) = (1, x, y)
    while exponent > 0 {
      if exponent % 2 == 1 { result = result &* base }
      base = base &* base
      exponent /= 2
    }
    return result
  case .maximum: return max(x, y)
  case .minimum: return min(x, y)
  case .bitwiseAnd: return x & y
  case .bitwiseOr: return x | y
  case .bitwiseXor: return x ^ y
  // A shift outside 0…63 shifts everything out.
  case .shiftLeft: return 0...63 ~= y ? x << y : 0
  case .shiftRight: return x >> (0...63 ~= y ? y : 63)
  default: fatalError("a function of integers that there is none of: \(function.rawValue)")
  }
}

private func value(_ function: BinaryFunction, _ x: Double, _ y: Double) -> Double {
  switch function {
  case .add: return x + y
  case .subtract: return x - y
  case .multiply: return x * y
  case .divide: return x / y
  case .truncDivide: return (x / y).rounded(.towardZero)
  case .floorDivide:
    // Python's: (x - x mod y) / y, which is whole except for rounding.
    if y == 0 { return x / y }
    let quotient = (x - value(.remainder, x, y)) / y
    if quotient == 0 { return Double(signOf: x / y, magnitudeOf: 0) }
    let whole = quotient.rounded(.down)
    return quotient - whole > 0.5 ? whole + 1 : whole
  case .remainder:
    let rest = fmod(x, y)
    return rest != 0 && (y < 0) != (rest < 0) ? rest + y : rest
  case .truncRemainder: return fmod(x, y)
  case .power: return pow(x, y)
  case .atan2: return atan2(x, y)
  case .hypotenuse: return hypot(x, y)
  case .copySign: return Double(signOf: y, magnitudeOf: x)
  case .maximum: return x.isNaN || y.isNaN ? .nan : max(x, y)
  case .minimum: return x.isNaN || y.isNaN ? .nan : min(x, y)
  case .reluGradient: return y <= 0 ? 0 : x
  case .tanhGradient: return x * (1 - y * y)
  case .sigmoidGradient: return x * (y * (1 - y))
  case .geluGradient: return x * (normal(y) + y * exp(-y * y / 2) / (2 * Double.pi).squareRoot())
  case .geluTanhGradient:
    let t = tanh(geluArgument(y))
    let slope = (1 + 3 * 0.044715 * y * y) * (2 / Double.pi).squareRoot()
    return x * ((1 + t) / 2 + y * (1 - t * t) / 2 * slope)
  case .siluGradient:
    let s = 1 / (1 + exp(-y))
    return x * s * (1 + y * (1 - s))
  default: fatalError("a function that the reference backend does not know: \(function.rawValue)")
  }
}

func value(_ comparison: Comparison, _ a: Element, _ b: Element) -> Bool {
  switch comparison {
  case .and: return a.isTrue && b.isTrue
  case .or: return a.isTrue || b.isTrue
  case .xor: return a.isTrue != b.isTrue
  default: break
  }
  if case .integer(let x) = a, case .integer(let y) = b { return holds(comparison, x, y) }
  return holds(comparison, a.double, b.double)
}

private func holds<T: Comparable>(_ comparison: Comparison, _ x: T, _ y: T) -> Bool {
  switch comparison {
  case .equal: x == y
  case .notEqual: x != y
  case .less: x < y
  case .lessOrEqual: x <= y
  case .greater: x > y
  case .greaterOrEqual: x >= y
  default: fatalError("a comparison that the reference backend does not know")
  }
}

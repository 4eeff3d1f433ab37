import CLevinKernels
import Foundation
import Testing

extension KernelTests {
  @Suite struct UnaryTests {
    /// Numbers of every scale, both signs, and special values.
    static let inputs: [Float] = {
      var draws = Draws(seed: 3)
      var values: [Float] = [
        0, -0.0, 1, -1, 0.5, 2, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 0x1p-133,
        -0x1p-133,
        .leastNormalMagnitude, .greatestFiniteMagnitude, 88.72, 88.73, -87.3, -103.9, -104, 1.5,
        2.5,
        -2.5,
      ]
      for exponent in -40...30 {
        for _ in 0..<12 {
          let magnitude =
            (1 + draws.unit()) * Float(sign: .plus, exponent: exponent, significand: 1)
          values += [magnitude, -magnitude]
        }
      }
      values += draws.floats(3000, in: -100...100) + draws.floats(1000, in: 0.5...2)
      return values
    }()

    /// Operation, what it computes, and the error allowed in units of the last place.
    static let operations: [(op: LevinUnary, exact: @Sendable (Double) -> Double, ulps: Double)] = [
      (.exp, exp, 2), (.log, log, 2), (.tanh, tanh, 3), (.sigmoid, { 1 / (1 + exp(-$0)) }, 3),
      (.sqrt, { $0.squareRoot() }, 0.51), (.reciprocal, { 1 / $0 }, 0.51),
      (.reciprocalSqrt, { 1 / $0.squareRoot() }, 1.5), (.square, { $0 * $0 }, 0.51),
      (.sin, sin, 1.5), (.cos, cos, 1.5), (.erf, erf, 1.5), (.log1p, log1p, 1.5),
      (.expm1, expm1, 1.5), (.erfc, erfc, 4), (.log2, log2, 1.5), (.log10, log10, 2.5),
      (.tan, tan, 1.5), (.atan, atan, 1.5), (.trunc, { $0.rounded(.towardZero) }, 0),
      (.negate, { -$0 }, 0), (.absolute, abs, 0), (.relu, { $0 < 0 ? 0 : $0 }, 0),
      (.sign, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, 0), (.floor, { $0.rounded(.down) }, 0),
      (.ceil, { $0.rounded(.up) }, 0), (.round, { $0.rounded(.toNearestOrEven) }, 0),
    ]

    @Test(arguments: operations.indices)
    func agreesWithDoubles(index: Int) {
      let (op, exact, ulps) = Self.operations[index]
      let inputs = Self.inputs
      for (isa, output) in onEachISA({ bits(apply(op, inputs)) }) {
        var worst = (error: 0.0, input: Float(0))
        for (x, bits) in zip(inputs, output) {
          let error = distance(Float(bitPattern: bits), exact(Double(x)))
          if error > worst.error { worst = (error, x) }
        }
        #expect(worst.error <= ulps, "\(isa) \(op.rawValue) at \(worst.input): \(worst.error)")
      }
    }

    /// GELU in both ways and SiLU, and their slopes, against doubles and difference quotients of them.
    @Test func activations() {
      let inputs = Self.inputs.filter { abs($0) < 1e4 }
      let ones = [Float](repeating: 1, count: inputs.count)
      let root = (2 / Double.pi).squareRoot()
      let functions: [(LevinUnary, LevinBinary, (Double) -> Double)] = [
        (.gelu, .geluGradient, { $0 * (1 + erf($0 / 2.0.squareRoot())) / 2 }),
        (
          .geluTanh, .geluTanhGradient,
          { $0 * (1 + tanh(root * ($0 + 0.044715 * $0 * $0 * $0))) / 2 }
        ),
        (.silu, .siluGradient, { $0 / (1 + exp(-$0)) }),
      ]
      for (function, slope, exact) in functions {
        for (isa, found) in onEachISA({
          var slopes = ones
          levin_binary(slope, .float32, inputs.count, ones, inputs, .none, &slopes)
          return [bits(apply(function, inputs)), bits(slopes)]
        }) {
          for (i, x) in inputs.map(Double.init).enumerated() {
            let (value, slope) = (Float(bitPattern: found[0][i]), Float(bitPattern: found[1][i]))
            let quotient = (exact(x + 1e-5) - exact(x - 1e-5)) / 2e-5
            #expect(abs(Double(value) - exact(x)) <= 4e-7 * max(1, abs(x)), "\(isa) at \(x)")
            #expect(abs(Double(slope) - quotient) <= 2e-6, "\(isa), slope at \(x)")
          }
        }
      }
    }

    @Test func worksInPlace() {
      for (isa, pair) in onEachISA({
        var values = Array(Self.inputs.prefix(100))
        let apart = apply(.exp, values)
        values.withUnsafeMutableBufferPointer { values in
          if let base = values.baseAddress { levin_unary(.exp, .float32, 100, base, base) }
        }
        return [bits(apart), bits(values)]
      }) {
        #expect(pair[0] == pair[1], "\(isa)")
      }
    }

    private func apply(_ op: LevinUnary, _ inputs: [Float]) -> [Float] {
      var output = [Float](repeating: 0, count: inputs.count)
      levin_unary(op, .float32, inputs.count, inputs, &output)
      return output
    }
  }
}

/// Numbers as bits, so that NaN equals itself.
///
/// All NaNs count as one.
func bits(_ values: [Float]) -> [UInt32] {
  values.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
}

/// How far `value` is from the exact result, in units of the last place of the result as a float.
func distance(_ value: Float, _ exact: Double) -> Double {
  let rounded = Float(exact)
  if exact.isNaN || value.isNaN { return exact.isNaN && value.isNaN ? 0 : .infinity }
  if rounded.isInfinite || value.isInfinite { return rounded == value ? 0 : .infinity }
  return abs(Double(value) - exact) / Double(rounded.ulp)
}

import CLevinKernels
import Foundation
import Testing

extension KernelTests {
  @Suite struct ElementwiseTests {
    static let counts = [1, 3, 16, 17, 63, 1000]

    static let binaries: [(op: LevinBinary, exact: @Sendable (Float, Float) -> Float)] = [
      (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }),
      (.divide, { $0 / $1 }), (.maximum, Float.maximum), (.minimum, Float.minimum),
      (.power, { Float(pow(Double($0), Double($1))) }),
      (.atan2, { Float(atan2(Double($0), Double($1))) }),
      (.truncRemainder, { fmodf($0, $1) }),
    ]

    private func operands(_ count: Int) -> (a: [Float], b: [Float]) {
      var draws = Draws(seed: UInt64(count))
      return (draws.floats(count, in: 0.1...3), draws.floats(count, in: -2...2))
    }

    @Test(arguments: binaries.indices)
    func binaryOperations(index: Int) {
      let (op, exact) = Self.binaries[index]
      for count in Self.counts {
        let (a, b) = operands(count)
        for (isa, result) in onEachISA({
          var out = [Float](repeating: 0, count: count)
          levin_binary(op, .float32, count, a, b, .none, &out)
          return out
        }) {
          #expect(worst(result, zip(a, b).map(exact)) <= 1, "\(isa) \(op.rawValue)")
        }
      }
    }

    @Test(arguments: [1, 17, 513, 20_000])
    func oneElementIsRepeated(count: Int) {
      let (a, b) = operands(count)
      for (isa, results) in onEachISA({
        var first = [Float](repeating: 0, count: count)
        var second = first
        levin_binary(.subtract, .float32, count, [0.3] as [Float], b, .first, &first)
        levin_binary(.subtract, .float32, count, a, [0.3] as [Float], .second, &second)
        return [first, second]
      }) {
        #expect(results == [b.map { 0.3 - $0 }, a.map { $0 - 0.3 }], "\(isa)")
      }
    }

    @Test(arguments: [1, 17, 513, 20_000])
    func comparisonsChoose(count: Int) {
      let (a, b) = operands(count)
      for (isa, smaller) in onEachISA({
        var less = [Bool](repeating: false, count: count)
        var smaller = [Float](repeating: 0, count: count)
        levin_compare(.less, .float32, count, a, b, &less)
        levin_where(.float32, count, less, a, b, &smaller)
        #expect(less == zip(a, b).map(<))
        return smaller
      }) {
        #expect(smaller == zip(a, b).map(Swift.min), "\(isa)")
      }
    }

    @Test func integersWrapAndFloor() {
      let a: [Int64] = [7, -7, 7, -7, .max, .min, 5, 0]
      let b: [Int64] = [2, 2, -2, -2, 1, -1, 3, 5]
      let expected: [(LevinBinary, [Int64])] = [
        (.add, [9, -5, 5, -9, .min, .max, 8, 5]),
        (.floorDivide, [3, -4, -4, 3, .max, .min, 1, 0]),
        (.truncDivide, [3, -3, -3, 3, .max, .min, 1, 0]),
        (.remainder, [1, 1, -1, -1, 0, 0, 2, 0]),
        (.power, [49, 49, 0, 0, .max, 0, 125, 0]),
        (.bitwiseXor, [5, -5, -7, 7, .max - 1, .max, 6, 5]),
      ]
      for (op, values) in expected {
        for (isa, result) in onEachISA({
          var out = [Int64](repeating: 9, count: a.count)
          levin_binary(op, .int64, a.count, a, b, .none, &out)
          return out
        }) {
          #expect(result == values, "\(isa) \(op.rawValue)")
        }
      }
    }

    @Test func flooredQuotientsAreThoseOfPython() {
      let a: [Double] = [7, -7, 7.5, 1, -1, 6, 0.3, 5]
      let b: [Double] = [2, 2, -2, 0.1, 0.1, 0.5, 0.1, 0]
      for (isa, result) in onEachISA({
        var quotients = [Double](repeating: 9, count: a.count)
        var rests = quotients
        levin_binary(.floorDivide, .float64, a.count, a, b, .none, &quotients)
        levin_binary(.remainder, .float64, a.count, a, b, .none, &rests)
        return [quotients, rests.map { $0.isNaN ? -99 : $0 }]
      }) {
        // What CPython 3.11 prints for x // y and x % y.
        #expect(result[0] == [3, -4, -4, 9, -10, 12, 2, .infinity], "\(isa)")
        #expect(
          result[1] == [
            1, 1, -0.5, 0.09999999999999995, 5.551115123125783e-17, 0, 0.09999999999999998, -99,
          ], "\(isa)")
      }
    }

    /// The distance in units of the last place.
    private func worst(_ values: [Float], _ exact: [Float]) -> Double {
      zip(values, exact).map { distance($0, Double($1)) }.max() ?? 0
    }

    @Test func extremesPassNaNOn() {
      let a: [Float] = [.nan, 1, .nan, -2]
      let b: [Float] = [1, .nan, .nan, -3]
      for (isa, result) in onEachISA({
        [LevinBinary.maximum, .minimum].map { op in
          var out = [Float](repeating: 0, count: 4)
          levin_binary(op, .float32, 4, a, b, .none, &out)
          return bits(out)
        }
      }) {
        #expect(result == [bits([.nan, .nan, .nan, -2]), bits([.nan, .nan, .nan, -3])], "\(isa)")
      }
    }

    @Test func gradientsOfActivations() {
      var draws = Draws(seed: 5)
      let dy = draws.floats(100)
      let y = draws.floats(98) + [0, .nan]
      for (isa, result) in onEachISA({
        [LevinBinary.reluGradient, .tanhGradient, .sigmoidGradient].map { op in
          var out = [Float](repeating: 0, count: 100)
          levin_binary(op, .float32, 100, dy, y, .none, &out)
          return bits(out)
        }
      }) {
        #expect(result[0] == bits(zip(dy, y).map { $1 <= 0 ? 0 : $0 }), "\(isa)")
        for i in 0..<98 {
          let (g, value) = (Double(dy[i]), Double(y[i]))
          let tanh = Float(bitPattern: result[1][i])
          let sigmoid = Float(bitPattern: result[2][i])
          #expect(abs(Double(tanh) - g * (1 - value * value)) < 3e-7, "\(isa)")
          #expect(abs(Double(sigmoid) - g * value * (1 - value)) < 3e-7, "\(isa)")
        }
      }
    }

    @Test func largeArraysAreSplitWithoutATrace() {
      var draws = Draws(seed: 6)
      let a = draws.floats(20_011)
      for (isa, result) in onEachISA({
        var out = [Float](repeating: 0, count: a.count)
        levin_unary(.sigmoid, .float32, a.count, a, &out)
        levin_binary(.add, .float32, a.count, a, out, .none, &out)
        return out
      }) {
        let exact = a.map { Double($0) + 1 / (1 + exp(-Double($0))) }
        let error = zip(result, exact).map { abs(Double($0) - $1) }.max() ?? 1
        #expect(error < 3e-7, "\(isa)")
      }
    }
  }
}

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
          var each = [Float](repeating: 0, count: count)
          var right = each
          var left = each
          levin_binary(op, count, a, b, &each)
          levin_binary_scalar(op, count, a, 1.25, &right)
          levin_scalar_binary(op, count, 1.25, b, &left)
          return [each, right, left]
        }) {
          #expect(worst(result[0], zip(a, b).map(exact)) <= 1, "\(isa) \(op.rawValue)")
          #expect(worst(result[1], a.map { exact($0, 1.25) }) <= 1, "\(isa) \(op.rawValue)")
          #expect(worst(result[2], b.map { exact(1.25, $0) }) <= 1, "\(isa) \(op.rawValue)")
        }
      }
    }

    /// The distance in units of the last place.
    private func worst(_ values: [Float], _ exact: [Float]) -> Double {
      zip(values, exact).map { distance($0, Double($1)) }.max() ?? 0
    }

    @Test func extremesPassNaNOn() {
      for (isa, result) in onEachISA({
        var out = [Float](repeating: 0, count: 4)
        levin_binary(.maximum, 4, [.nan, 1, .nan, -2], [1, .nan, .nan, -3], &out)
        let largest = bits(out)
        levin_binary(.minimum, 4, [.nan, 1, .nan, -2], [1, .nan, .nan, -3], &out)
        return [largest, bits(out)]
      }) {
        #expect(result == [bits([.nan, .nan, .nan, -2]), bits([.nan, .nan, .nan, -3])], "\(isa)")
      }
    }

    @Test func broadcastsRowsAndColumns() {
      var draws = Draws(seed: 4)
      let (rows, columns) = (5, 37)
      let a = Grid(rows, columns, gap: 3, from: &draws)
      let (row, column) = (draws.floats(columns), draws.floats(rows))
      for (isa, results) in onEachISA({
        var byRow = Grid(rows, columns, gap: 2)
        var byColumn = byRow
        levin_binary_row(
          .subtract, rows, columns, a.values, a.stride, row, &byRow.values, byRow.stride)
        levin_binary_column(
          .subtract, rows, columns, a.values, a.stride, column, &byColumn.values, byColumn.stride)
        return [byRow, byColumn]
      }) {
        for r in 0..<rows {
          for c in 0..<columns {
            #expect(results[0][r, c] == a[r, c] - row[c], "\(isa)")
            #expect(results[1][r, c] == a[r, c] - column[r], "\(isa)")
          }
        }
        #expect(results.allSatisfy { $0.isIntact }, "\(isa)")
      }
    }

    @Test func comparesAndSelects() {
      let a: [Float] = [1, 2, 3, .nan, 5, -0.0] + [Float](repeating: 1, count: 30)
      let b: [Float] = [1, 3, 2, .nan, .nan, 0] + [Float](repeating: 2, count: 30)
      let relations: [(LevinCompare, (Float, Float) -> Bool)] = [
        (.equal, { $0 == $1 }), (.notEqual, { $0 != $1 }), (.less, { $0 < $1 }),
        (.lessOrEqual, { $0 <= $1 }), (.greater, { $0 > $1 }), (.greaterOrEqual, { $0 >= $1 }),
      ]
      for (op, holds) in relations {
        for (isa, result) in onEachISA({
          var each = [UInt8](repeating: 9, count: a.count)
          var scalar = each
          var chosen = [Float](repeating: 0, count: a.count)
          levin_compare(op, a.count, a, b, &each)
          levin_compare_scalar(op, a.count, a, 2, &scalar)
          levin_select(a.count, each, a, b, &chosen)
          return [each.map(UInt32.init), scalar.map(UInt32.init), bits(chosen)]
        }) {
          let expected = zip(a, b).map { holds($0, $1) }
          #expect(result[0] == expected.map { $0 ? 1 : 0 }, "\(isa) \(op.rawValue)")
          #expect(result[1] == a.map { holds($0, 2) ? 1 : 0 }, "\(isa) \(op.rawValue)")
          let chosen = expected.indices.map { expected[$0] ? a[$0] : b[$0] }
          #expect(result[2] == bits(chosen), "\(isa) \(op.rawValue)")
        }
      }
    }

    @Test func backwardsOfActivations() {
      var draws = Draws(seed: 5)
      let dy = draws.floats(100)
      let y = draws.floats(98) + [0, .nan]
      for (isa, result) in onEachISA({
        var out = [[Float]](repeating: [Float](repeating: 0, count: 100), count: 3)
        levin_relu_backward(100, dy, y, &out[0])
        levin_tanh_backward(100, dy, y, &out[1])
        levin_sigmoid_backward(100, dy, y, &out[2])
        return out.map(bits)
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

    @Test func fillsAndAdds() {
      for (isa, result) in onEachISA({
        var out = [Float](repeating: 0, count: 21)
        levin_fill(20, 1.5, &out)
        levin_axpy(20, 2, (0..<20).map(Float.init), &out)
        return out
      }) {
        let expected: [Float] = (0..<20).map { 1.5 + 2 * Float($0) }
        #expect(result == expected + [0], "\(isa)")
      }
    }

    @Test func largeArraysAreSplitWithoutATrace() {
      var draws = Draws(seed: 6)
      let a = draws.floats(20_011)
      for (isa, result) in onEachISA({
        var out = [Float](repeating: 0, count: a.count)
        levin_unary(.sigmoid, a.count, a, &out)
        levin_binary(.add, a.count, a, out, &out)
        return out
      }) {
        let exact = a.map { Double($0) + 1 / (1 + exp(-Double($0))) }
        let error = zip(result, exact).map { abs(Double($0) - $1) }.max() ?? 1
        #expect(error < 3e-7, "\(isa)")
      }
    }
  }
}

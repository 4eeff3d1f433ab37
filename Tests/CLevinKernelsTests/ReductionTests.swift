import CLevinKernels
import Testing

extension KernelTests {
  @Suite struct ReductionTests {
    static let shapes = [
      (1, 1), (3, 10), (7, 16), (17, 33), (2, 1000), (300, 70), (9, 2500), (3, 200_000),
    ]

    /// A plan that reduces a matrix [rows, columns] of floats along its columns, or along its rows.
    private func reduce(
      _ op: LevinReduction, _ x: [Float], rows: Int, columns: Int, alongRows: Bool
    ) -> [Float] {
      var x = x
      var out = [Float](repeating: 0.25, count: alongRows ? columns : rows)
      x.withUnsafeMutableBytes { x in
        out.withUnsafeMutableBytes { out in
          let (kept, reduced) = alongRows ? (columns, rows) : (rows, columns)
          let (step, inner) = alongRows ? (4, 4 * columns) : (4 * columns, 4)
          let result = LevinOperand(
            data: out.baseAddress!, type: .float32,
            strides: (4, 0, 0, 0, 0, 0, 0, 0))
          let input = LevinOperand(
            data: x.baseAddress!, type: .float32,
            strides: (step, inner, 0, 0, 0, 0, 0, 0))
          var plan = LevinPlan(
            rank: 2, operandCount: 2, sizes: (kept, reduced, 0, 0, 0, 0, 0, 0),
            operands: (result, input, result, result))
          levin_reduce(op, .float32, &plan, 1)
        }
      }
      return out
    }

    @Test(arguments: shapes)
    func sums(rows: Int, columns: Int) {
      var draws = Draws(seed: UInt64(rows * columns))
      let x = draws.floats(rows * columns)
      var byRow = [Double](repeating: 0, count: rows)
      var byColumn = [Double](repeating: 0, count: columns)
      for r in 0..<rows {
        for c in 0..<columns {
          byRow[r] += Double(x[r * columns + c])
          byColumn[c] += Double(x[r * columns + c])
        }
      }
      for (isa, result) in onEachISA({
        [
          reduce(.sum, x, rows: rows, columns: columns, alongRows: false),
          reduce(.sum, x, rows: rows, columns: columns, alongRows: true),
        ]
      }) {
        // Sums in double are only off by the rounding of the result.
        for (value, exact) in zip(result[0] + result[1], byRow + byColumn) {
          #expect(abs(Double(value) - exact) <= 6e-8 * abs(exact) + 1e-10, "\(isa)")
        }
      }
    }

    @Test func sumsAreInDouble() {
      // In float, each of the small terms would vanish beside the large one.
      let x: [Float] = [16_777_216] + [Float](repeating: 1, count: 99)
      for (isa, sum) in onEachISA({ reduce(.sum, x, rows: 1, columns: 100, alongRows: false) }) {
        #expect(sum == [16_777_316], "\(isa)")
      }
      for (isa, sum) in onEachISA({ reduce(.sum, x, rows: 100, columns: 1, alongRows: true) }) {
        #expect(sum == [16_777_316], "\(isa)")
      }
    }

    @Test func extremesPassNaNOn() {
      let x: [Float] = [1, .nan, 3, -1, -2, -3]
      for (isa, result) in onEachISA({
        [LevinReduction.maximum, .minimum].map {
          bits(reduce($0, x, rows: 2, columns: 3, alongRows: false))
        }
      }) {
        #expect(result == [bits([.nan, -1]), bits([.nan, -3])], "\(isa)")
      }
    }

    @Test func columnSumsAccumulate() {
      var draws = Draws(seed: 12)
      let x = Grid(9, 33, gap: 3, from: &draws)
      for (isa, result) in onEachISA({
        var sums = [Float](repeating: 0.25, count: 33)
        levin_column_sums(9, 33, x.values, x.stride, &sums, true)
        return sums
      }) {
        for c in 0..<33 {
          let exact = (0..<9).reduce(0.25) { $0 + Double(x[$1, c]) }
          #expect(abs(Double(result[c]) - exact) <= 2e-5, "\(isa)")
        }
      }
    }

    @Test func findsTheFirstLargest() {
      let rows: [(x: [Float], index: Int64)] = [
        ([1, 3, 2, 3], 1), ([-5, -4, -4, -6], 1), ([.nan, 1, 2, 3], 0),
        ([9, .nan, .infinity, .nan], 1),
        ([-.infinity, -.infinity, -.infinity, -.infinity], 0), ([0, 1, .infinity, 2], 2),
      ]
      for (x, index) in rows {
        // Side by side, and two apart.
        for step in [1, 2] {
          var spread = x.flatMap { [$0] + [Float](repeating: 1e30, count: step - 1) }
          for (isa, found) in onEachISA({
            var found: Int64 = -1
            spread.withUnsafeMutableBytes { bytes in
              withUnsafeMutablePointer(to: &found) { found in
                let result = LevinOperand(
                  data: found, type: .int64, strides: (0, 0, 0, 0, 0, 0, 0, 0))
                let input = LevinOperand(
                  data: bytes.baseAddress!, type: .float32,
                  strides: (0, 4 * step, 0, 0, 0, 0, 0, 0))
                var plan = LevinPlan(
                  rank: 2, operandCount: 2, sizes: (1, 4, 0, 0, 0, 0, 0, 0),
                  operands: (result, input, result, result))
                levin_index_of_extreme(true, .float32, &plan, 1)
              }
            }
            return found
          }) {
            #expect(found == index, "\(isa) \(x) step \(step)")
          }
        }
      }
    }
  }
}

import CLevinKernels
import Testing

extension KernelTests {
  @Suite struct ReductionTests {
    static let shapes = [(1, 1), (3, 10), (7, 16), (17, 33), (2, 1000)]

    @Test(arguments: shapes)
    func sums(rows: Int, columns: Int) {
      var draws = Draws(seed: UInt64(rows * columns))
      let x = Grid(rows, columns, gap: 3, from: &draws)
      var byRow = [Double](repeating: 0.25, count: rows)
      var byColumn = [Double](repeating: 0.25, count: columns)
      for r in 0..<rows {
        for c in 0..<columns {
          byRow[r] += Double(x[r, c])
          byColumn[c] += Double(x[r, c])
        }
      }
      for (isa, result) in onEachISA({
        var ofRows = [Float](repeating: 0.25, count: rows)
        var ofColumns = [Float](repeating: 0.25, count: columns)
        levin_row_sums(rows, columns, x.values, x.stride, &ofRows, true)
        levin_column_sums(rows, columns, x.values, x.stride, &ofColumns, true)
        return [ofRows, ofColumns]
      }) {
        for (value, exact) in zip(result[0], byRow) {
          #expect(abs(Double(value) - exact) <= 1e-6 * max(1, abs(exact)), "\(isa)")
        }
        for (value, exact) in zip(result[1], byColumn) {
          #expect(abs(Double(value) - exact) <= 2e-6 * Double(rows), "\(isa)")
        }
      }
    }

    @Test func sumsAreInDouble() {
      // In float, each of the small terms would vanish beside the large one.
      let x: [Float] = [16_777_216] + [Float](repeating: 1, count: 99)
      for (isa, sum) in onEachISA({ levin_sum(x.count, x) }) {
        #expect(sum == 16_777_315, "\(isa)")
      }
      for (isa, sum) in onEachISA({ levin_sum_of_squares(3, [3, 4, 12]) }) {
        #expect(sum == 169, "\(isa)")
      }
      for (isa, sum) in onEachISA({ levin_sum(0, x) }) { #expect(sum == 0, "\(isa)") }
    }

    @Test func findsWhatIsNotFinite() {
      for odd in [Float.nan, .infinity, -.infinity] {
        for place in [0, 15, 16, 20] {
          var x = [Float](repeating: .greatestFiniteMagnitude, count: 21)
          x[place] = odd
          for (isa, finite) in onEachISA({ levin_all_finite(21, x) }) {
            #expect(!finite, "\(isa) \(odd) at \(place)")
          }
        }
      }
      let finite = [Float](repeating: -.greatestFiniteMagnitude, count: 21)
      for (isa, all) in onEachISA({ levin_all_finite(21, finite) }) { #expect(all, "\(isa)") }
    }

    @Test func findsTheFirstLargest() {
      let rows: [(x: [Float], index: Int64)] = [
        ([1, 3, 2, 3], 1), ([-5, -4, -4, -6], 1), ([.nan, 1, 2, 3], 0),
        ([9, .nan, .infinity, .nan], 1),
        ([-.infinity, -.infinity, -.infinity, -.infinity], 0), ([0, 1, .infinity, 2], 2),
      ]
      let x = rows.flatMap(\.x)
      for (isa, result) in onEachISA({
        var values = [Float](repeating: 0, count: rows.count)
        var indices = [Int64](repeating: -1, count: rows.count)
        levin_row_max(rows.count, 4, x, 4, &values, &indices)
        return bits(values) + indices.map { UInt32($0) }
      }) {
        let largest = rows.map { $0.x[Int($0.index)] }
        #expect(result == bits(largest) + rows.map { UInt32($0.index) }, "\(isa)")
      }
    }

    @Test func findsTheLargestInLongRows() {
      var draws = Draws(seed: 8)
      let x = draws.floats(40 * 50)
      for (isa, indices) in onEachISA({
        var indices = [Int64](repeating: -1, count: 40)
        levin_row_max(40, 50, x, 50, nil, &indices)
        return indices
      }) {
        for r in 0..<40 {
          let row = x[(50 * r)..<(50 * r + 50)]
          #expect(row.max() == row[50 * r + Int(indices[r])], "\(isa)")
        }
      }
    }

    @Test(arguments: [(1, 5), (16, 16), (17, 31), (130, 130)])
    func transposes(rows: Int, columns: Int) {
      var draws = Draws(seed: 9)
      let x = Grid(rows, columns, gap: 2, from: &draws)
      for (isa, out) in onEachISA({
        var out = Grid(columns, rows, gap: 1)
        levin_transpose(rows, columns, x.values, x.stride, &out.values, out.stride)
        return out
      }) {
        var right = true
        for r in 0..<rows {
          for c in 0..<columns { right = right && out[c, r] == x[r, c] }
        }
        #expect(right && out.isIntact, "\(isa)")
      }
    }
  }
}

import CLevinKernels
import Testing

extension KernelTests {
  /// Loops over operands of every layout, against an element-by-element walk.
  @Suite struct PlanTests {
    /// The layout of an operand of `[rows, columns]`: distances between elements, in multiples of its size.
    enum Way: CaseIterable {
      case contiguous, transposed, everySecond, backwards, oneRow, oneColumn, one

      func strides(_ rows: Int, _ columns: Int) -> (row: Int, column: Int, first: Int) {
        switch self {
        case .contiguous: (columns, 1, 0)
        case .transposed: (1, rows, 0)
        case .everySecond: (2 * columns, 2, 1)
        case .backwards: (-columns, -1, rows * columns - 1)
        case .oneRow: (0, 1, 0)
        case .oneColumn: (1, 0, 0)
        case .one: (0, 0, 3)
        }
      }
    }

    /// Across tiles of 32 × 64, blocks of 512 and the shares of several threads; short rows, and a single one.
    static let shapes = [(3, 5), (1, 700), (70, 130), (300, 8), (33, 600)]

    private func operand<T>(
      _ memory: inout [T], _ type: LevinType, _ strides: (row: Int, column: Int, first: Int)
    ) -> LevinOperand {
      let size = MemoryLayout<T>.stride
      // Arrays of the caller, which live until the plan has run.
      let base = memory.withUnsafeMutableBytes { $0.baseAddress! }
      return LevinOperand(
        data: base + strides.first * size, type: type,
        strides: (strides.row * size, strides.column * size, 0, 0, 0, 0, 0, 0))
    }

    @Test(arguments: Way.allCases)
    func elementwise(way: Way) {
      for (rows, columns) in Self.shapes {
        var draws = Draws(seed: UInt64(rows * columns))
        var (a, b) = (draws.floats(4 * rows * columns), draws.floats(4 * rows * columns))
        var integers = (0..<4 * rows * columns).map { _ in Int32(draws.int(in: -9...9)) }
        for other in Way.allCases {
          let (x, y) = (way.strides(rows, columns), other.strides(rows, columns))
          var exact = [[UInt32]](repeating: [], count: 5)
          for r in 0..<rows {
            for c in 0..<columns {
              let one = a[x.first + r * x.row + c * x.column]
              let i = y.first + r * y.row + c * y.column
              let two = b[i]
              exact[0].append((one + two).bitPattern)
              exact[1].append((one * Float(integers[i])).bitPattern)
              exact[2].append((one < two ? one : two).bitPattern)
              exact[3].append(one < two ? 1 : 0)
              exact[4].append(UInt32(bitPattern: integers[i]))
            }
          }
          for (isa, result) in onEachISA({
            var sums = [Float](repeating: 0, count: rows * columns)
            var (mixed, converted) = (sums, [Double](repeating: 0, count: rows * columns))
            var chosen = sums
            var truth = [UInt8](repeating: 9, count: rows * columns)
            let flat = Way.contiguous.strides(rows, columns)
            func plan(_ operands: LevinOperand...) -> LevinPlan {
              LevinPlan(
                rank: 2, operandCount: Int32(operands.count),
                sizes: (rows, columns, 0, 0, 0, 0, 0, 0),
                operands: (
                  operands[0], operands[1], operands.dropFirst(2).first ?? operands[0],
                  operands.dropFirst(3).first ?? operands[0]
                ))
            }
            var p = plan(
              operand(&sums, .float32, flat), operand(&a, .float32, x), operand(&b, .float32, y))
            levin_map_binary(.add, .float32, &p)
            p = plan(
              operand(&mixed, .float32, flat), operand(&a, .float32, x),
              operand(&integers, .int32, y))
            levin_map_binary(.multiply, .float32, &p)
            p = plan(
              operand(&truth, .bool, flat), operand(&a, .float32, x), operand(&b, .float32, y))
            levin_map_comparison(.less, .float32, &p)
            p = plan(
              operand(&chosen, .float32, flat), operand(&truth, .bool, flat),
              operand(&a, .float32, x), operand(&b, .float32, y))
            levin_map_where(.float32, &p)
            p = plan(operand(&converted, .float64, flat), operand(&integers, .int32, y))
            levin_map_copy(&p)
            return [
              bits(sums), bits(mixed), bits(chosen), truth.map { UInt32($0) },
              converted.map { UInt32(truncatingIfNeeded: Int($0)) },
            ]
          }) {
            #expect(result == exact, "\(isa) \(rows)×\(columns), \(way) and \(other)")
          }
        }
      }
    }

    @Test(arguments: [Way.contiguous, .transposed, .backwards, .everySecond])
    func alongEitherAxis(way: Way) {
      for (rows, columns) in Self.shapes {
        var draws = Draws(seed: 4)
        var a = draws.floats(4 * rows * columns)
        let x = way.strides(rows, columns)
        // Kept rows and reduced columns, and vice versa.
        for (kept, reduced, step, along) in [
          (rows, columns, x.row, x.column), (columns, rows, x.column, x.row),
        ] {
          for (isa, result) in onEachISA({
            var sums = [Float](repeating: 0, count: kept)
            var largest = sums
            var scanned = [Float](repeating: 0, count: kept * reduced)
            var places = [Int64](repeating: -1, count: kept)
            func plan(_ result: LevinOperand) -> LevinPlan {
              let input = operand(&a, .float32, (step, along, x.first))
              return LevinPlan(
                rank: 2, operandCount: 2, sizes: (kept, reduced, 0, 0, 0, 0, 0, 0),
                operands: (result, input, input, input))
            }
            var p = plan(operand(&sums, .float32, (1, 0, 0)))
            levin_reduce(.sum, .float32, &p, 1)
            p = plan(operand(&largest, .float32, (1, 0, 0)))
            levin_reduce(.maximum, .float32, &p, 1)
            p = plan(operand(&places, .int64, (1, 0, 0)))
            levin_index_of_extreme(true, .float32, &p, 1)
            // Laid out like the result of a tensor: along the input, or across it.
            let isAcross = abs(along) > abs(step)
            p = plan(operand(&scanned, .float32, isAcross ? (1, kept, 0) : (reduced, 1, 0)))
            levin_scan(false, .float32, &p)
            return [sums, largest, places.map { Float($0) }, scanned]
          }) {
            var right = true
            for k in 0..<kept {
              let line = (0..<reduced).map { a[x.first + k * step + $0 * along] }
              let sum = line.reduce(0) { $0 + Double($1) }
              let most = line.max() ?? 0
              right = right && abs(Double(result[0][k]) - sum) < 1e-5 && result[1][k] == most
              right = right && Int(result[2][k]) == line.firstIndex(of: most)
              var running = 0.0
              for (i, value) in line.enumerated() {
                running += Double(value)
                let isAcross = abs(along) > abs(step)
                let found = result[3][isAcross ? i * kept + k : k * reduced + i]
                right = right && abs(Double(found) - running) < 1e-5
              }
            }
            #expect(right, "\(isa) \(kept) of \(reduced), \(way)")
          }
        }
      }
    }

    @Test(arguments: Way.allCases)
    func copies(way: Way) {
      func check<T: FixedWidthInteger>(_ type: LevinType, _: T.Type) {
        for (rows, columns) in Self.shapes {
          var draws = Draws(seed: 2)
          var x = (0..<4 * rows * columns).map { _ in T(truncatingIfNeeded: draws.next()) }
          let strides = way.strides(rows, columns)
          for (isa, result) in onEachISA({
            var out = [T](repeating: 0, count: rows * columns)
            let result = operand(&out, type, (columns, 1, 0))
            var plan = LevinPlan(
              rank: 2, operandCount: 2, sizes: (rows, columns, 0, 0, 0, 0, 0, 0),
              operands: (result, operand(&x, type, strides), result, result))
            levin_map_copy(&plan)
            return out
          }) {
            let exact = (0..<rows * columns).map {
              x[strides.first + $0 / columns * strides.row + $0 % columns * strides.column]
            }
            #expect(result == exact, "\(isa) \(rows)×\(columns) \(way)")
          }
        }
      }
      check(.uInt8, UInt8.self)
      check(.float16, UInt16.self)
      check(.float32, UInt32.self)
      check(.int64, Int64.self)
    }

    /// One NaN at each place of runs around the number of partial results.
    @Test func extremesFindEveryNaN() {
      for count in [1, 15, 16, 31, 32, 33, 64, 100] {
        for place in 0..<count {
          for (isa, result) in onEachISA({
            var x = (0..<count).map { Float($0 % 7) }
            x[place] = .nan
            return [LevinReduction.maximum, .minimum].map { op in
              var out: [Float] = [0]
              var plan = LevinPlan(
                rank: 2, operandCount: 2, sizes: (1, count, 0, 0, 0, 0, 0, 0),
                operands: (
                  operand(&out, .float32, (0, 0, 0)), operand(&x, .float32, (count, 1, 0)),
                  operand(&x, .float32, (count, 1, 0)), operand(&x, .float32, (count, 1, 0))
                ))
              levin_reduce(op, .float32, &plan, 1)
              return out[0].isNaN
            }
          }) {
            #expect(result == [true, true], "\(isa) \(place) of \(count)")
          }
        }
      }
    }
  }
}

import CLevinKernels
import Foundation
import Testing

extension KernelTests {
  @Suite struct LossTests {
    struct Result: Equatable {
      var mean: UInt32
      var losses: [Float]
      var gradient: Grid
    }

    private func crossEntropy(_ logits: Grid, _ targets: [Int64]) -> Result {
      var losses = [Float](repeating: 0, count: logits.rows)
      var gradient = Grid(logits.rows, logits.columns, gap: 2)
      let mean = levin_cross_entropy(
        logits.rows, logits.columns, logits.values, logits.stride, targets, -100, &losses,
        &gradient.values, gradient.stride)
      let alone = levin_cross_entropy(
        logits.rows, logits.columns, logits.values, logits.stride, targets, -100, nil, nil, 0)
      #expect(mean.bitPattern == alone.bitPattern)
      return Result(mean: mean.bitPattern, losses: losses, gradient: gradient)
    }

    @Test(arguments: [(1, 1), (5, 2), (64, 10), (33, 17), (9, 100), (1000, 10)])
    func crossEntropyAgreesWithDoubles(batch: Int, classes: Int) {
      var draws = Draws(seed: UInt64(batch + classes))
      var logits = Grid(batch, classes, gap: 1, from: &draws)
      for i in logits.values.indices { logits.values[i] *= 8 }
      let targets = (0..<batch).map { row in
        row % 5 == 4 ? -100 : Int64(draws.int(in: 0...(classes - 1)))
      }
      let counted = Double(targets.count { $0 >= 0 })
      for (isa, result) in onEachISA({ crossEntropy(logits, targets) }) {
        var total = 0.0
        for r in 0..<batch {
          let exponentials = (0..<classes).map { exp(Double(logits[r, $0])) }
          let sum = exponentials.reduce(0, +)
          let target = Int(targets[r])
          let loss = target < 0 ? 0 : log(sum) - Double(logits[r, target])
          total += loss
          #expect(abs(Double(result.losses[r]) - loss) < 4e-6, "\(isa)")
          for c in 0..<classes {
            let p = (exponentials[c] / sum - (c == target ? 1 : 0)) / counted
            let expected = target < 0 ? 0 : p
            #expect(abs(Double(result.gradient[r, c]) - expected) < 4e-7 / counted, "\(isa)")
          }
        }
        let mean = Double(Float(bitPattern: result.mean))
        #expect(abs(mean - total / counted) < 2e-6, "\(isa)")
        #expect(result.gradient.isIntact, "\(isa)")
      }
    }

    @Test func crossEntropyOfHugeLogitsStaysFinite() {
      for (isa, result) in onEachISA({
        crossEntropy(row([1000, -1000, 0]), [1])
      }) {
        #expect(result.losses == [2000], "\(isa)")
        #expect((0..<3).map { result.gradient[0, $0] } == [1, -1, 0], "\(isa)")
      }
    }

    @Test func crossEntropyOfNaNAndOfNothing() {
      for (isa, result) in onEachISA({ [crossEntropy(row([1, .nan]), [0]).mean] }) {
        #expect(Float(bitPattern: result[0]).isNaN, "\(isa)")
      }
      for (isa, result) in onEachISA({ crossEntropy(row([1, 2]), [-100]) }) {
        #expect(Float(bitPattern: result.mean).isNaN, "\(isa)")
        #expect(result.losses == [0], "\(isa)")
      }
    }

    private func row(_ values: [Float]) -> Grid {
      var grid = Grid(1, values.count, gap: 0)
      grid.values = values
      return grid
    }

    /// Along the middle dimension, with fewer columns than a vector has, and with more than are computed at a time.
    @Test(arguments: [(1, 1, 1), (2, 10, 3), (3, 5, 40), (2, 7, 300)])
    func softmaxAlongColumns(outer: Int, size: Int, columns: Int) {
      var draws = Draws(seed: 12)
      let count = outer * size * columns
      let (x, dy) = (draws.floats(count), draws.floats(count))
      for (isa, out) in onEachISA({
        var out = [[Float]](repeating: [Float](repeating: 0, count: count), count: 4)
        for (i, logarithm) in [(0, false), (2, true)] {
          levin_softmax_columns(logarithm, outer, size, columns, x, &out[i])
          levin_softmax_columns_backward(
            logarithm, outer, size, columns, dy, out[i], &out[i + 1])
        }
        return out
      }) {
        for first in 0..<outer * columns {
          let places = (0..<size).map {
            (first / columns * size + $0) * columns + first % columns
          }
          let exponentials = places.map { exp(Double(x[$0])) }
          let sum = exponentials.reduce(0, +)
          let dot = zip(places, exponentials).map { Double(dy[$0]) * $1 / sum }.reduce(0, +)
          let total = places.map { Double(dy[$0]) }.reduce(0, +)
          for (place, exponential) in zip(places, exponentials) {
            let (p, g) = (exponential / sum, Double(dy[place]))
            for (found, value) in zip(out, [p, p * (g - dot), log(p), g - p * total]) {
              #expect(abs(Double(found[place]) - value) < 2e-6, "\(isa) at \(place)")
            }
          }
        }
      }
    }

    @Test(arguments: [(1, 1), (3, 10), (5, 40), (200, 50)])
    func softmaxAndItsLogarithm(rows: Int, columns: Int) {
      var draws = Draws(seed: 11)
      let x = Grid(rows, columns, gap: 1, from: &draws)
      let dy = Grid(rows, columns, gap: 2, from: &draws)
      for (isa, out) in onEachISA({
        var out = [Grid](repeating: Grid(rows, columns, gap: 3), count: 4)
        levin_softmax(rows, columns, x.values, x.stride, &out[0].values, out[0].stride)
        levin_softmax_backward(
          rows, columns, dy.values, dy.stride, out[0].values, out[0].stride, &out[1].values,
          out[1].stride)
        levin_log_softmax(rows, columns, x.values, x.stride, &out[2].values, out[2].stride)
        levin_log_softmax_backward(
          rows, columns, dy.values, dy.stride, out[2].values, out[2].stride, &out[3].values,
          out[3].stride)
        return out
      }) {
        for r in 0..<rows {
          let exponentials = (0..<columns).map { exp(Double(x[r, $0])) }
          let sum = exponentials.reduce(0, +)
          let dot = (0..<columns).map { Double(dy[r, $0]) * exponentials[$0] / sum }.reduce(0, +)
          let total = (0..<columns).map { Double(dy[r, $0]) }.reduce(0, +)
          for c in 0..<columns {
            let p = exponentials[c] / sum
            let g = Double(dy[r, c])
            let expected = [p, p * (g - dot), log(p), g - p * total]
            for (grid, value) in zip(out, expected) {
              #expect(abs(Double(grid[r, c]) - value) < 2e-6, "\(isa)")
            }
          }
        }
        #expect(out.allSatisfy { $0.isIntact }, "\(isa)")
      }
    }
  }
}

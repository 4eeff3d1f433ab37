import CLevinKernels
import Testing

extension KernelTests {
  @Suite struct GatherTests {
    /// Byte to float in three steps, as ToTensor and Normalize take them.
    private func table(_ normalization: [Float]) -> [Float] {
      (0..<512).map { i in
        let channel = i / 256 * 2
        // A float quotient or difference computed in double rounds correctly.
        let unit = Float(Double(i % 256) / 255)
        let centred = Float(Double(unit) - Double(normalization[channel]))
        return Float(Double(centred) / Double(normalization[channel + 1]))
      }
    }

    @Test(arguments: [[Float](arrayLiteral: 0.5, 0.5, 0.1307, 0.3081), [0, 1, 0.406, 0.225]])
    func normalizesAsTheTableDoes(normalization: [Float]) {
      let table = table(normalization)
      #expect(levin_normalizes(2, normalization, table))
      var draws = Draws(seed: 15)
      for pixels in [1, 15, 64, 100, 131] {
        let source = (0..<(40 * pixels)).map { _ in UInt8(truncatingIfNeeded: draws.next() >> 20) }
        let indices = (0..<33).map { _ in Int64(draws.int(in: 0...19)) }
        let size = 33 * 2 * pixels
        for (isa, outs) in onEachISA({
          [nil, normalization].map { normalization in
            var out = [Float](repeating: -7, count: size + 1)
            levin_gather_table(33, indices, 33, source, 2, pixels, table, normalization, &out)
            return out.map(\.bitPattern)
          }
        }) {
          #expect(outs[0] == outs[1], "\(isa) \(pixels) pixels")
          #expect(outs[1][size] == Float(-7).bitPattern, "\(isa) \(pixels) pixels")
        }
      }
    }

    @Test func anotherTableIsNotNormalization() {
      let normalization: [Float] = [0.5, 0.5, 0.1307, 0.3081]
      var table = table(normalization)
      table[300] = table[300].nextUp
      #expect(!levin_normalizes(2, normalization, table))
      #expect(levin_normalizes(1, normalization, table))
    }

    @Test(arguments: [(1, 784), (3, 64), (2, 65), (1, 1), (3, 100), (1, 256)])
    func gathersThroughATable(channels: Int, pixels: Int) {
      var draws = Draws(seed: 14)
      let size = channels * pixels
      let source = (0..<(40 * size)).map { _ in UInt8(truncatingIfNeeded: draws.next() >> 20) }
      let indices = (0..<33).map { _ in Int64(draws.int(in: 0...39)) }
      let table = draws.floats(256 * channels)
      for rows in [0, 1, 30] {
        for (isa, out) in onEachISA({
          var out = [Float](repeating: -7, count: rows * size + 1)
          levin_gather_table(rows, indices, 33, source, channels, pixels, table, nil, &out)
          return out
        }) {
          var expected: [Float] = []
          for row in indices.prefix(rows) {
            for i in 0..<size {
              expected.append(table[256 * (i / pixels) + Int(source[Int(row) * size + i])])
            }
          }
          #expect(out == expected + [-7], "\(isa) \(rows) rows of \(channels) x \(pixels)")
        }
      }
    }

    @Test func gathersRows() {
      let source = (0..<1000).map { UInt8($0 % 251) }
      let indices: [Int64] = [99, 0, 5, 5]
      for (isa, out) in onEachISA({
        var out = [UInt8](repeating: 0, count: 41)
        levin_gather_rows(4, indices, source, 10, &out)
        return out
      }) {
        var expected: [UInt8] = []
        for row in indices { expected += source[(Int(row) * 10)..<(Int(row) * 10 + 10)] }
        expected.append(0)
        #expect(out == expected, "\(isa)")
      }
    }
  }
}

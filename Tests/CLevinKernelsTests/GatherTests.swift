import CLevinKernels
import Testing

extension KernelTests {
  @Suite struct GatherTests {
    @Test func normalizationTableTakesPyTorchsSteps() {
      let (mean, std): ([Float], [Float]) = ([0.5, 0.1307], [0.5, 0.3081])
      var table = [Float](repeating: 0, count: 512)
      levin_normalization_table(2, mean, std, &table)
      for channel in 0..<2 {
        for byte in 0..<256 {
          // Three roundings to float; a quotient or difference of floats rounds right from double.
          let unit = Float(Double(byte) / 255)
          let centred = Float(Double(unit) - Double(mean[channel]))
          let expected = Float(Double(centred) / Double(std[channel]))
          #expect(table[256 * channel + byte] == expected, "\(channel) \(byte)")
        }
      }
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
          levin_gather_table(rows, indices, 33, source, channels, pixels, table, &out)
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

import CLevinKernels
import Testing

extension KernelTests {
  /// Sums of channels against sums in order, and one thread against three.
  @Suite struct Normalizations {
    @Test(arguments: [(3, 5, 7), (40, 24, 33), (64, 300, 1)])
    func channels(_ batch: Int, _ channels: Int, _ points: Int) {
      var draws = Draws(seed: 3)
      let shape = LevinChannels(batch: batch, channels: channels, points: points)
      // Far from 0, where a variance from sums of squares would lose precision.
      let x = draws.floats(batch * channels * points, in: 1000...1001)
      let dy = draws.floats(x.count)
      func values(_ all: [Float], _ channel: Int) -> [Double] {
        (0..<batch).flatMap { n in
          (0..<points).map { Double(all[(n * channels + channel) * points + $0]) }
        }
      }
      func run() -> [[Double]] {
        var (means, variances, sums, products) = (
          [Double](repeating: .nan, count: channels), [Double](repeating: .nan, count: channels),
          [Double](repeating: .nan, count: channels), [Double](repeating: .nan, count: channels)
        )
        levin_channel_statistics(.float32, shape, x, &means, &variances)
        levin_channel_covariances(.float32, shape, dy, x, means, &sums, &products)
        var mapped = [Float](repeating: .nan, count: x.count)
        levin_channel_affine(.float32, shape, x, sums, dy, variances, means, &mapped)
        return [means, variances, sums, products, mapped.map(Double.init)]
      }
      for (isa, found) in onEachISA({ run().map { $0.map(\.bitPattern) } }) {
        let found = found.map { $0.map(Double.init(bitPattern:)) }
        for channel in 0..<channels {
          let (own, gradients) = (values(x, channel), values(dy, channel))
          let count = Double(own.count)
          let mean = own.reduce(0, +) / count
          let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
          let sum = gradients.reduce(0, +)
          let product = zip(gradients, own).reduce(0) { $0 + $1.0 * ($1.1 - mean) }
          let pairs = zip(
            found.prefix(4).map { $0[channel] }, [mean, variance, sum, product])
          #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($1)) }, "\(isa)")
          let mapped = values(found[4].map { Float($0) }, channel)
          let expected = zip(own, gradients).map { $0 * sum + $1 * variance + mean }
          #expect(
            zip(mapped, expected).allSatisfy {
              abs($0 - $1) <= 1e-6 * (1001 * abs(sum) + abs(variance) + mean)
            }, "\(isa)")
        }
      }
    }
  }
}

/// The results of pointwise transforms for every byte value and channel.
struct ByteTable: Sendable {
  /// The results, `[channels, 256]`.
  let values: [Float]
  /// The mean and the standard deviation of each channel, if computing with them gives the same values bit for bit;
  /// kernels then need no table.
  let normalization: [Float]?

  /// Evaluates the steps for all byte values of `channels` channels.
  init(_ all: [any PointwiseTransform], channels: Int) {
    // After the first step there are floats, which a conversion to floats leaves.
    let steps = all.prefix(1) + all.dropFirst().filter { !($0 is FloatsOfBytes) }
    let values = (0..<channels).flatMap { channel in
      (0...255).map { byte in
        steps.reduce(Float(byte)) { $1.apply(to: $0, channel: channel) }
      }
    }
    self.values = values
    normalization = Self.normalization(of: Array(steps), channels: channels).flatMap {
      Kernels.normalizes($0, table: values) ? $0 : nil
    }
  }

  private static func normalization(
    of steps: [any PointwiseTransform], channels: Int
  ) -> [Float]? {
    guard steps.count <= 2, let first = steps.first,
      first is ToTensor || (first as? FloatsOfBytes)?.scale == .division
    else { return nil }
    guard steps.count == 2 else { return (0..<channels).flatMap { _ in [0, 1] } }
    guard let step = steps[1] as? Normalize else { return nil }
    return (0..<channels).flatMap { channel in
      let i = step.mean.count == 1 ? 0 : channel
      return [step.mean[i], step.standardDeviation[i]]
    }
  }
}

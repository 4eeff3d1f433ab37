internal import LevinSystem

/// `(x - mean) / standardDeviation`, as `torchvision.transforms.Normalize`.
public struct Normalize: PointwiseTransform {
  /// One number for each channel, or one for all.
  public let mean, standardDeviation: [Float]

  /// Creates the transform; traps unless both have the same number of values, at least one, and no standard deviation
  /// is 0.
  public init(mean: [Float], standardDeviation: [Float]) {
    guard !mean.isEmpty, mean.count == standardDeviation.count else {
      fail(
        "Normalize", "\(mean.count) means and \(standardDeviation.count) standard deviations",
        expected: "one of each for every channel")
    }
    guard !standardDeviation.contains(0) else {
      fail("Normalize", "a standard deviation of 0", expected: "numbers to divide by")
    }
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// `(value - mean) / standardDeviation` of the channel.
  public func apply(to value: Float, channel: Int) -> Float {
    let i = mean.count == 1 ? 0 : channel
    guard i < mean.count else {
      fail("Normalize", "an image with a channel \(channel)", expected: "\(mean.count) channels")
    }
    return (value - mean[i]) / standardDeviation[i]
  }
}

internal import LevinSystem
public import LevinTensor

/// All samples in random order, or random samples (torch's `RandomSampler`).
public struct RandomSampler: Sampler {
  /// The number of samples in the dataset.
  public let sampleCount: Int
  /// The number of samples in a pass.
  public let count: Int
  /// Whether each sample is drawn from all of them, so that some come twice and some never.
  public let replacement: Bool
  /// The sampler's own generator; nil for a new one, whose seed is drawn from the default one.
  public let generator: LevinTensor.Generator?

  /// - Parameters:
  ///   - sampleCount: The number of samples in the dataset.
  ///   - count: The number of samples in a pass, at least 1; that of the dataset if nil. Without replacement, a larger
  ///     number visits all samples several times.
  public init(
    sampleCount: Int, count: Int? = nil, replacement: Bool = false,
    generator: LevinTensor.Generator? = nil
  ) {
    guard sampleCount >= 0, count ?? sampleCount >= (count == nil ? 0 : 1),
      sampleCount > 0 || count == nil
    else {
      fail(
        "RandomSampler", "\(count ?? sampleCount) of \(sampleCount) samples",
        expected: "at least 1 of at least 1")
    }
    self.sampleCount = sampleCount
    self.count = count ?? sampleCount
    self.replacement = replacement
    self.generator = generator
  }

  /// Whether there is no generator of the sampler's own.
  public var drawsFromNewGenerator: Bool { generator == nil }

  /// `count` samples.
  public func order(drawingFrom generator: LevinTensor.Generator) -> [Int] {
    if replacement { return (0..<count).map { _ in generator.integer(below: sampleCount) } }
    var order: [Int] = []
    while order.count < count {
      let permutation = generator.permutation(sampleCount)
      order = order.isEmpty && sampleCount == count ? permutation : order + permutation
    }
    return order.count == count ? order : Array(order.prefix(count))
  }

  /// Draws a permutation that is not used, as torch does after the last whole one.
  public func finish(drawingFrom generator: LevinTensor.Generator) {
    guard !replacement, sampleCount > 0, count % sampleCount == 0 else { return }
    _ = generator.permutation(sampleCount)
  }
}

/// Some samples in random order (torch's `SubsetRandomSampler`).
public struct SubsetRandomSampler: Sampler {
  /// The samples to visit.
  public let indices: [Int]
  /// The sampler's own generator; nil for the default one.
  public let generator: LevinTensor.Generator?

  /// - Parameter indices: The samples to visit.
  public init(_ indices: [Int], generator: LevinTensor.Generator? = nil) {
    self.indices = indices
    self.generator = generator
  }

  /// The number of samples to visit.
  public var count: Int { indices.count }
  /// The samples in random order.
  public func order(drawingFrom generator: LevinTensor.Generator) -> [Int] {
    generator.permutation(count).map { indices[$0] }
  }
}

/// Random samples, each with a probability of its own (torch's `WeightedRandomSampler`).
///
/// Weights of 1 / the number of samples in a class balance the classes.
public struct WeightedRandomSampler: Sampler {
  /// The weight of each sample, 0 or more; they need not sum to 1.
  public let weights: [Double]
  /// The number of samples in a pass.
  public let count: Int
  /// Whether a sample may come several times in a pass.
  public let replacement: Bool
  /// The sampler's own generator; nil for the default one.
  public let generator: LevinTensor.Generator?

  /// Traps for negative weights, for a sum of 0, and for more samples than weights without replacement.
  public init(
    weights: [Double], count: Int, replacement: Bool = true,
    generator: LevinTensor.Generator? = nil
  ) {
    guard count > 0, replacement || count <= weights.count,
      weights.allSatisfy({ $0 >= 0 && $0.isFinite }), weights.contains(where: { $0 > 0 })
    else {
      fail(
        "WeightedRandomSampler", "\(count) draws from the weights \(weights.prefix(8))",
        expected: "weights of 0 or more with a sum above 0, at least 1 draw, and at most as many "
          + "as weights without replacement")
    }
    self.weights = weights
    self.count = count
    self.replacement = replacement
    self.generator = generator
  }

  /// `count` samples.
  public func order(drawingFrom generator: LevinTensor.Generator) -> [Int] {
    Tensor(weights, device: .cpu).multinomial(count, replacement: replacement, generator: generator)
      .scalars(as: Int64.self).map { Int($0) }
  }
}

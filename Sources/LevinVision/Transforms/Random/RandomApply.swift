public import LevinData
internal import LevinSystem

/// Applies all of some transforms with a probability, or none (`torchvision.transforms.RandomApply`).
public struct RandomApply: ImageTransform {
  /// The transforms, in order.
  public let transforms: [any ImageTransform]
  /// The probability, 0…1.
  public let probability: Float

  /// Traps unless the probability is in 0…1.
  public init(_ transforms: [any ImageTransform], probability: Float = 0.5) {
    checkProbability("RandomApply", probability)
    self.transforms = transforms
    self.probability = probability
  }

  /// Applies the transforms, or leaves `image`.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() <= probability else { return }
    for transform in transforms { transform.apply(to: &image, using: &random) }
  }
}

/// Applies one of some transforms (`torchvision.transforms.v2.RandomChoice`).
public struct RandomChoice: ImageTransform {
  /// The transforms.
  public let transforms: [any ImageTransform]
  /// The probability of each.
  public let probabilities: [Double]

  /// - Parameter probabilities: One for each transform, 0 or more; they need not sum to 1. All equal if nil. Traps for
  ///   another number, for negative numbers, and if there are no transforms.
  public init(_ transforms: [any ImageTransform], probabilities: [Double]? = nil) {
    let probabilities = probabilities ?? [Double](repeating: 1, count: transforms.count)
    guard !transforms.isEmpty, probabilities.count == transforms.count,
      probabilities.allSatisfy({ $0 >= 0 && $0.isFinite }),
      probabilities.contains(where: { $0 > 0 })
    else {
      fail(
        "RandomChoice", "\(transforms.count) transforms with the probabilities \(probabilities)",
        expected: "at least one, and a number of 0 or more for each")
    }
    self.transforms = transforms
    let sum = probabilities.reduce(0, +)
    self.probabilities = probabilities.map { $0 / sum }
  }

  /// Applies one of the transforms.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    // One draw of torch.multinomial: the largest of probability / exponential number.
    var (best, greatest) = (0, -Float.infinity)
    for (place, probability) in probabilities.enumerated() {
      let key = Float(probability) / random.exponential()
      if key > greatest { (best, greatest) = (place, key) }
    }
    transforms[best].apply(to: &image, using: &random)
  }
}

/// Applies all of some transforms in random order (`torchvision.transforms.v2.RandomOrder`).
public struct RandomOrder: ImageTransform {
  /// The transforms.
  public let transforms: [any ImageTransform]

  /// The transforms to apply.
  public init(_ transforms: [any ImageTransform]) { self.transforms = transforms }

  /// Applies the transforms.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    for place in random.permutation(transforms.count) {
      transforms[place].apply(to: &image, using: &random)
    }
  }
}

/// A transform of one's own, as a closure (`torchvision.transforms.Lambda`).
public struct Lambda: ImageTransform {
  private let body: @Sendable (inout ImageSample, inout SampleGenerator) -> Void

  /// - Parameter body: Changes the image; all random numbers must come from the generator. A loader with workers calls
  ///   it from several threads at the same time.
  public init(_ body: @escaping @Sendable (inout ImageSample, inout SampleGenerator) -> Void) {
    self.body = body
  }

  /// Calls the closure.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    body(&image, &random)
  }
}

public import LevinData
internal import LevinSystem

/// Mirrors images left to right with a probability, as `torchvision.transforms.RandomHorizontalFlip`.
public struct RandomHorizontalFlip: ImageTransform {
  /// The probability, 0…1.
  public let probability: Float

  /// Traps unless the probability is in 0…1.
  public init(probability: Float = 0.5) {
    checkProbability("RandomHorizontalFlip", probability)
    self.probability = probability
  }

  /// Mirrors `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    let width = image.width
    image.remap(
      rows: AxisMap(0, image.height, of: image.height), columns: AxisMap((0..<width).reversed()))
    image.moveBoxes { (Double(width) - $0, $1) }
  }
}

/// Mirrors images top to bottom with a probability, as `torchvision.transforms.RandomVerticalFlip`.
public struct RandomVerticalFlip: ImageTransform {
  /// The probability, 0…1.
  public let probability: Float

  /// Traps unless the probability is in 0…1.
  public init(probability: Float = 0.5) {
    checkProbability("RandomVerticalFlip", probability)
    self.probability = probability
  }

  /// Mirrors `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    let height = image.height
    image.remap(
      rows: AxisMap((0..<height).reversed()), columns: AxisMap(0, image.width, of: image.width))
    image.moveBoxes { ($0, Double(height) - $1) }
  }
}

func checkProbability(_ transform: String, _ probability: Float) {
  guard probability >= 0, probability <= 1 else {
    fail(transform, "a probability of \(probability)", expected: "0 to 1")
  }
}

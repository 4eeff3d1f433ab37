public import LevinData
internal import LevinSystem

/// Erases a random rectangle of images with a probability, as `torchvision.transforms.RandomErasing` (Zhong and others
/// 2017).
///
/// After ``ToTensor`` only.
public struct RandomErasing: ImageTransform {
  /// What the rectangle becomes.
  public enum Value: Sendable, Hashable {
    /// One number, or one for each channel.
    case constant([Float])
    /// Normal numbers with mean 0 and deviation 1.
    case random
  }
  /// The probability, 0…1.
  public let probability: Float
  /// The rectangle's share of the area.
  public let scale: ClosedRange<Float>
  /// The rectangle's height divided by its width.
  public let ratio: ClosedRange<Float>
  /// What it becomes.
  public let value: Value

  /// Traps unless the probability and the scale are in 0…1 and ratios are positive.
  public init(
    probability: Float = 0.5, scale: ClosedRange<Float> = 0.02...0.33,
    ratio: ClosedRange<Float> = 0.3...3.3, value: Value = .constant([0])
  ) {
    checkProbability("RandomErasing", probability)
    guard scale.lowerBound >= 0, scale.upperBound <= 1, ratio.lowerBound > 0, value != .constant([])
    else {
      fail(
        "RandomErasing", "scale \(scale), ratio \(ratio) and \(value)",
        expected: "a scale within 0...1, positive ratios, at least one value")
    }
    self.probability = probability
    self.scale = scale
    self.ratio = ratio
    self.value = value
  }

  /// Erases a part of `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard case .floats(let floats) = image.content else {
      fail("RandomErasing", "bytes", expected: "floats", hint: "put it after ToTensor")
    }
    guard random.unit() < probability else { return }
    var noise: [Float] = []
    let part = drawArea(
      height: floats.height, width: floats.width, scale: scale, ratio: ratio, attempts: 10,
      using: &random,
      sides: { area, ratio in ((area * ratio).squareRoot(), (area / ratio).squareRoot()) },
      fits: { $0 < floats.height && $1 < floats.width },
      onFit: { height, width, random in
        if value == .random {
          noise = random.normals(floats.channels * height * width)
        }
      })
    guard let part else { return }
    var constants: [Float] = []
    if case .constant(let values) = value { constants = values.forEach(of: floats.channels) }
    var result = floats
    for channel in 0..<floats.channels {
      for row in 0..<part.height {
        let start = (channel * floats.height + part.top + row) * floats.width + part.left
        for column in 0..<part.width {
          result.values[start + column] =
            constants.isEmpty
            ? noise[(channel * part.height + row) * part.width + column] : constants[channel]
        }
      }
    }
    image.content = .floats(result)
  }
}

public import LevinData
internal import LevinSystem

/// One of 25 learned pairs of operations, as `torchvision.transforms.AutoAugment` (Cubuk and others 2018).
///
/// Before ``ToTensor`` only.
public struct AutoAugment: ImageTransform {
  /// The data that the policy was learned on.
  public enum Policy: String, Sendable, Hashable, Codable, CaseIterable {
    /// ImageNet.
    case imageNet = "imagenet"
    /// CIFAR-10.
    case cifar10
    /// Street View House Numbers.
    case svhn
  }
  /// The data that the policy was learned on.
  public let policy: Policy
  /// How pixels are computed: nearest, bilinear or bicubic.
  public let interpolation: Interpolation
  /// The value of what comes from outside: one number or one for each channel, 0…255.
  public let fill: [Float]
  private let pairs: [[(operation: AugmentOperation, probability: Float, bin: Int)]]

  /// Creates the transform.
  public init(
    _ policy: Policy = .imageNet, interpolation: Interpolation = .nearest, fill: [Float] = [0]
  ) {
    self.policy = policy
    self.interpolation = interpolation
    self.fill = fill
    pairs = policy.table.split(separator: "\n").map { line in
      line.split(separator: "|").compactMap { entry in
        let words = entry.split(separator: " ")
        guard words.count == 3, let operation = AugmentOperation(rawValue: String(words[0])),
          let probability = Float(words[1]), let bin = Int(words[2])
        else { return nil }
        return (operation, probability, bin)
      }
    }
  }

  /// Changes `image`.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let pair = pairs[random.integer(in: 0..<pairs.count)]
    let probabilities = [random.unit(), random.unit()]
    let signs = [random.integer(in: 0..<2), random.integer(in: 0..<2)]
    let limits = AugmentOperation.Limits(image)
    for (i, step) in pair.enumerated() where probabilities[i] <= step.probability {
      var strength = step.operation.strength(step.bin, of: 10, limits)
      if step.operation.isSigned, signs[i] == 0 { strength = -strength }
      image.checkHasNoPlaces("AutoAugment")
      image.replacePicture("AutoAugment") {
        step.operation.apply(to: $0, strength, interpolation, fill: fill)
      }
    }
  }
}

/// Some random operations of one strength, as `torchvision.transforms.RandAugment` (Cubuk and others 2019).
///
/// Before ``ToTensor`` only.
public struct RandAugment: ImageTransform {
  /// The number of operations.
  public let operationCount: Int
  /// The strength, 0..<``bins``.
  public let magnitude: Int
  /// The number of strengths.
  public let bins: Int
  /// How pixels are computed: nearest, bilinear or bicubic.
  public let interpolation: Interpolation
  /// The value of what comes from outside: one number or one for each channel, 0…255.
  public let fill: [Float]

  /// Traps unless the strength is one of at least two, and the number of operations is 0 or more.
  public init(
    operationCount: Int = 2, magnitude: Int = 9, bins: Int = 31,
    interpolation: Interpolation = .nearest, fill: [Float] = [0]
  ) {
    guard operationCount >= 0, bins > 1, (0..<bins).contains(magnitude) else {
      fail(
        "RandAugment", "\(operationCount) operations of strength \(magnitude) of \(bins)",
        expected: "0 or more operations, and a strength of 0 to bins - 1")
    }
    self.operationCount = operationCount
    self.magnitude = magnitude
    self.bins = bins
    self.interpolation = interpolation
    self.fill = fill
  }

  /// Changes `image`.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let limits = AugmentOperation.Limits(image)
    for _ in 0..<operationCount {
      let operation = AugmentOperation.common[
        random.integer(in: 0..<AugmentOperation.common.count)]
      var strength = operation.strength(magnitude, of: bins, limits)
      if operation.isSigned, random.integer(in: 0..<2) == 1 { strength = -strength }
      image.checkHasNoPlaces("RandAugment")
      image.replacePicture("RandAugment") {
        operation.apply(to: $0, strength, interpolation, fill: fill)
      }
    }
  }
}

/// One random operation of random strength, as `torchvision.transforms.TrivialAugmentWide` (Müller and Hutter 2021).
///
/// Before ``ToTensor`` only.
public struct TrivialAugmentWide: ImageTransform {
  /// The number of strengths.
  public let bins: Int
  /// How pixels are computed: nearest, bilinear or bicubic.
  public let interpolation: Interpolation
  /// The value of what comes from outside: one number or one for each channel, 0…255.
  public let fill: [Float]

  /// Traps unless there are at least two strengths.
  public init(
    bins: Int = 31, interpolation: Interpolation = .nearest, fill: [Float] = [0]
  ) {
    guard bins > 1 else { fail("TrivialAugmentWide", "\(bins) strengths", expected: "at least 2") }
    self.bins = bins
    self.interpolation = interpolation
    self.fill = fill
  }

  /// Changes `image`.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let limits = AugmentOperation.Limits(
      shear: 0.99, translation: (32, 32), rotation: 135, enhancement: 0.99, lostBits: 6)
    let operation = AugmentOperation.common[
      random.integer(in: 0..<AugmentOperation.common.count)]
    var strength = 0.0
    if operation.hasStrength {
      strength = operation.strength(random.integer(in: 0..<bins), of: bins, limits)
    }
    if operation.isSigned, random.integer(in: 0..<2) == 1 { strength = -strength }
    image.checkHasNoPlaces("TrivialAugmentWide")
    image.replacePicture("TrivialAugmentWide") {
      operation.apply(to: $0, strength, interpolation, fill: fill)
    }
  }
}

extension AugmentOperation.Limits {
  /// Those of AutoAugment and RandAugment: at most 150/331 of the image's size.
  fileprivate init(_ image: ImageSample) {
    let part = 150.0 / 331
    self.init(
      translation: (Float(part * Double(image.width)), Float(part * Double(image.height))))
  }
}

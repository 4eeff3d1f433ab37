public import LevinData
internal import LevinFormats
internal import LevinSystem

/// Inverts images with a probability: 255 - x for bytes, 1 - x for floats (`torchvision.transforms.RandomInvert`).
public struct RandomInvert: ImageTransform {
  /// The probability, 0…1.
  public let probability: Float
  /// Traps unless the probability is in 0…1.
  public init(probability: Float = 0.5) {
    checkProbability("RandomInvert", probability)
    self.probability = probability
  }
  /// Inverts `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    image.replace { picture in
      picture.mapped((0...255).map { 255 - $0 })
    } floats: { floats in
      floats.mapped { 1 - $0 }
    }
  }
}

/// Keeps the upper bits of bytes with a probability (`torchvision.transforms.RandomPosterize`).
///
/// Before ``ToTensor`` only.
public struct RandomPosterize: ImageTransform {
  /// The number of bits, 0…8.
  public let bits: Int
  /// The probability, 0…1.
  public let probability: Float
  /// Traps unless the bits are 0…8 and the probability is in 0…1.
  public init(bits: Int, probability: Float = 0.5) {
    guard (0...8).contains(bits) else {
      fail("RandomPosterize", "\(bits) bits", expected: "0 to 8")
    }
    checkProbability("RandomPosterize", probability)
    self.bits = bits
    self.probability = probability
  }
  /// Changes `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    image.replacePicture("RandomPosterize") { $0.posterized(bits) }
  }
}

/// Inverts values from a threshold on with a probability: 255 - x for bytes, 1 - x for floats
/// (`torchvision.transforms.RandomSolarize`).
public struct RandomSolarize: ImageTransform {
  /// The least value that is inverted, 0…255 for bytes, 0…1 for floats.
  public let threshold: Float
  /// The probability, 0…1.
  public let probability: Float
  /// Traps unless the probability is in 0…1.
  public init(threshold: Float, probability: Float = 0.5) {
    checkProbability("RandomSolarize", probability)
    self.threshold = threshold
    self.probability = probability
  }
  /// Changes `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    image.replace { picture in
      picture.solarized(threshold)
    } floats: { floats in
      floats.mapped { $0 < threshold ? $0 : 1 - $0 }
    }
  }
}

/// Makes images sharper or softer with a probability (`torchvision.transforms.RandomAdjustSharpness`).
public struct RandomAdjustSharpness: ImageTransform {
  /// 0 smooths, 1 changes nothing, 2 sharpens.
  public let factor: Float
  /// The probability, 0…1.
  public let probability: Float
  /// Traps unless the factor is 0 or more and the probability is in 0…1.
  public init(factor: Float, probability: Float = 0.5) {
    guard factor >= 0 else {
      fail("RandomAdjustSharpness", "a factor of \(factor)", expected: "0 or more")
    }
    checkProbability("RandomAdjustSharpness", probability)
    self.factor = factor
    self.probability = probability
  }
  /// Changes `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    image.replace { picture in
      picture.sharpened(factor)
    } floats: { floats in
      floats.sharpened(factor)
    }
  }
}

/// Stretches the values of each channel to 0…255, or to 0…1 for floats, with a probability
/// (`torchvision.transforms.RandomAutocontrast`).
public struct RandomAutocontrast: ImageTransform {
  /// The probability, 0…1.
  public let probability: Float
  /// Traps unless the probability is in 0…1.
  public init(probability: Float = 0.5) {
    checkProbability("RandomAutocontrast", probability)
    self.probability = probability
  }
  /// Changes `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    image.replace { picture in
      picture.autocontrasted
    } floats: { floats in
      floats.autocontrasted
    }
  }
}

/// Makes all values of each channel about equally frequent with a probability
/// (`torchvision.transforms.RandomEqualize`).
///
/// Before ``ToTensor`` only.
public struct RandomEqualize: ImageTransform {
  /// The probability, 0…1.
  public let probability: Float
  /// Traps unless the probability is in 0…1.
  public init(probability: Float = 0.5) {
    checkProbability("RandomEqualize", probability)
    self.probability = probability
  }
  /// Changes `image` or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    image.replacePicture("RandomEqualize") { $0.equalized }
  }
}

extension Picture {
  /// The upper `bits` bits of each byte.
  func posterized(_ bits: Int) -> Picture {
    let mask = UInt8(truncatingIfNeeded: ~((1 << (8 - bits)) - 1))
    return mapped((0...255).map { $0 & mask })
  }

  /// Bytes from `threshold` on inverted.
  func solarized(_ threshold: Float) -> Picture {
    mapped((0...255).map { Float($0) < threshold ? $0 : 255 - $0 })
  }
}

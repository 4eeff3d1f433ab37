public import LevinData
internal import LevinFormats
internal import LevinSystem

/// Changes brightness, contrast, saturation and hue of images by random factors, in random order, as
/// `torchvision.transforms.ColorJitter`.
public struct ColorJitter: ImageTransform {
  /// The ranges of the factors, 1 for no change; nil if it is left as it is.
  public let brightness, contrast, saturation: ClosedRange<Float>?
  /// The range of the shift of hues in circles, within -0.5…0.5; nil if they are left as they are.
  public let hue: ClosedRange<Float>?

  /// Factors of `max(0, 1 - x)...1 + x` for each number x, and shifts of `-hue...hue`.
  ///
  /// Traps for negative numbers, and for a hue above 0.5.
  public init(brightness: Float = 0, contrast: Float = 0, saturation: Float = 0, hue: Float = 0) {
    func range(_ name: String, _ x: Float) -> ClosedRange<Float>? {
      guard x >= 0 else {
        fail("ColorJitter", "\(name) \(x)", expected: "a number of 0 or more")
      }
      return x == 0 ? nil : max(0, 1 - x)...1 + x
    }
    guard (0...0.5).contains(hue) else {
      fail("ColorJitter", "hue \(hue)", expected: "0 to 0.5")
    }
    self.brightness = range("brightness", brightness)
    self.contrast = range("contrast", contrast)
    self.saturation = range("saturation", saturation)
    self.hue = hue == 0 ? nil : -hue...hue
  }

  /// Factors from these ranges; traps for negative factors, and for hues beyond -0.5…0.5.
  public init(
    brightness: ClosedRange<Float>?, contrast: ClosedRange<Float>? = nil,
    saturation: ClosedRange<Float>? = nil, hue: ClosedRange<Float>? = nil
  ) {
    for (name, range) in [
      ("brightness", brightness), ("contrast", contrast), ("saturation", saturation),
    ] {
      guard range.map({ $0.lowerBound >= 0 }) ?? true else {
        fail("ColorJitter", "\(name) \(range!)", expected: "factors of 0 or more")
      }
    }
    guard hue.map({ $0.lowerBound >= -0.5 && $0.upperBound <= 0.5 }) ?? true else {
      fail("ColorJitter", "hue \(hue!)", expected: "shifts within -0.5...0.5")
    }
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
  }

  /// Changes the colours of `image`.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let order = random.permutation(4)
    let factors = [brightness, contrast, saturation, hue].map { range in
      range.map { random.uniform(from: $0.lowerBound, to: $0.upperBound) }
    }
    for step in order {
      guard let factor = factors[step] else { continue }
      switch step {
      case 0:
        image.replace {
          $0.brightened(factor)
        } floats: {
          $0.brightened(factor)
        }
      case 1:
        image.replace {
          $0.contrasted(factor)
        } floats: {
          $0.contrasted(factor)
        }
      case 2:
        image.replace {
          $0.saturated(factor)
        } floats: {
          $0.saturated(factor)
        }
      default:
        image.replace {
          $0.hueShifted(factor)
        } floats: {
          $0.hueShifted(factor)
        }
      }
    }
  }
}

/// Makes images gray, as `torchvision.transforms.Grayscale`.
public struct Grayscale: ImageTransform {
  /// 1, or 3 for three equal channels.
  public let outputChannels: Int

  /// Traps unless the number of channels is 1 or 3.
  public init(outputChannels: Int = 1) {
    guard outputChannels == 1 || outputChannels == 3 else {
      fail("Grayscale", "\(outputChannels) channels", expected: "1 or 3")
    }
    self.outputChannels = outputChannels
  }

  /// Makes `image` gray; draws nothing.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    image.makeGray(channels: outputChannels)
  }
}

/// Makes images gray with a probability, with as many channels as before (`torchvision.transforms.RandomGrayscale`).
public struct RandomGrayscale: ImageTransform {
  /// The probability, 0…1.
  public let probability: Float

  /// Traps unless the probability is in 0…1.
  public init(probability: Float = 0.1) {
    checkProbability("RandomGrayscale", probability)
    self.probability = probability
  }

  /// Makes `image` gray or leaves it.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard random.unit() < probability else { return }
    image.makeGray(channels: image.channels >= 3 ? 3 : 1)
  }
}

/// Makes all images RGB, as torchvision's loader of folders does; gray becomes three equal channels.
public struct ToRGB: ImageTransform {
  /// Creates the transform; it has no options.
  public init() {}
  /// Changes the channels of `image`; draws nothing.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    image.replacePicture("ToRGB") { $0.converted(to: .rgb) }
  }
}

extension ImageSample {
  mutating func makeGray(channels: Int) {
    replace { picture in
      let gray = picture.converted(to: .gray)
      return channels == 1 ? gray : gray.converted(to: .rgb)
    } floats: { image in
      image.gray(channels: channels)
    }
  }
}

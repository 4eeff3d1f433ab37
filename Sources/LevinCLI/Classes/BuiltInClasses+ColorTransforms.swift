internal import LevinConfiguration
internal import LevinVision

// Transforms that change colours at random.

extension BuiltInClasses {
  static let colorTransforms: [ClassEntry] = [
    transform(JitterOptions.self, "Changes colours at random.") {
      $0.jitter
    },
    transform(GrayChanceOptions.self, "Takes the colours away, at random.") {
      RandomGrayscale(probability: $0.p)
    },
    transform(ChanceOptions.self, "Inverts colours, at random.") {
      RandomInvert(probability: $0.p)
    },
    transform(PosterizeOptions.self, "Keeps some bits of each channel, at random.", ["bits"]) {
      RandomPosterize(bits: $0.bits, probability: $0.p)
    },
    transform(SolarizeOptions.self, "Inverts bright pixels, at random.", ["threshold"]) {
      RandomSolarize(threshold: $0.threshold, probability: $0.p)
    },
    transform(SharpnessOptions.self, "Sharpens, at random.", ["sharpness_factor"]) {
      RandomAdjustSharpness(factor: $0.sharpnessFactor, probability: $0.p)
    },
    transform(ChanceOptions.self, "Spreads the colours to the whole range, at random.") {
      RandomAutocontrast(probability: $0.p)
    },
    transform(ChanceOptions.self, "Makes all brightnesses equally frequent, at random.") {
      RandomEqualize(probability: $0.p)
    },
    transform(BlurOptions.self, "Blurs by a random width.", ["kernel_size"]) {
      GaussianBlur(
        width: $0.kernelSize[0], height: $0.kernelSize.last ?? 0, sigma: span($0.sigma))
    },
    transform(AutoAugmentOptions.self, "One of 25 learned pairs of changes.") {
      AutoAugment($0.policy, interpolation: $0.interpolation.value, fill: $0.fill)
    },
    transform(RandAugmentOptions.self, "Random changes of one strength.") {
      RandAugment(
        operationCount: $0.numOps, magnitude: $0.magnitude, bins: $0.numMagnitudeBins,
        interpolation: $0.interpolation.value, fill: $0.fill)
    },
    transform(TrivialAugmentOptions.self, "One random change of random strength.") {
      TrivialAugmentWide(
        bins: $0.numMagnitudeBins, interpolation: $0.interpolation.value, fill: $0.fill)
    },
  ]

  private struct GrayChanceOptions: HyperparameterSet {
    var p: Float = 0.1
    func validate() throws { try require("p", p, in: 0...1) }
    static let help = ["p": "The probability."]
  }
  private struct JitterOptions: HyperparameterSet {
    var brightness: [Float] = [0]
    var contrast: [Float] = [0]
    var saturation: [Float] = [0]
    var hue: [Float] = [0]
    var jitter: ColorJitter {
      let all = [brightness, contrast, saturation, hue]
      if all.allSatisfy({ $0.count == 1 }) {
        return ColorJitter(
          brightness: brightness[0], contrast: contrast[0], saturation: saturation[0], hue: hue[0])
      }
      func factors(_ numbers: [Float]) -> ClosedRange<Float>? {
        numbers.count == 2 ? range(numbers) : around(1, numbers[0], least: 0)
      }
      return ColorJitter(
        brightness: factors(brightness), contrast: factors(contrast),
        saturation: factors(saturation),
        hue: hue.count == 2 ? range(hue) : around(0, hue[0], least: -0.5))
    }
    private func around(_ middle: Float, _ reach: Float, least: Float) -> ClosedRange<Float>? {
      reach == 0 ? nil : max(middle - reach, least)...middle + reach
    }
    func validate() throws {
      for (key, numbers) in [
        ("brightness", brightness), ("contrast", contrast), ("saturation", saturation),
      ] {
        try BuiltInClasses.check(key, numbers, atLeast: 0, orOne: true)
      }
      try BuiltInClasses.check("hue", hue, orOne: true)
      guard hue.allSatisfy({ (-0.5...0.5).contains($0) }) else {
        throw ConfigError("hue: found \(hue); expected numbers of at most 0.5", key: "hue")
      }
    }
    static let help = [
      "brightness": "How far the brightness may change, 0: not; or the factors, from and to.",
      "contrast": "How far the contrast may change, 0: not; or the factors, from and to.",
      "saturation": "How far the saturation may change, 0: not; or the factors, from and to.",
      "hue": "How far the hue may turn, up to 0.5; or from and to.",
    ]
  }
  private struct PosterizeOptions: HyperparameterSet {
    var bits = 8
    var p: Float = 0.5
    func validate() throws {
      try require("bits", bits, in: 0...8)
      try require("p", p, in: 0...1)
    }
    static let help = ["bits": "The bits that stay.", "p": "The probability."]
  }
  private struct SolarizeOptions: HyperparameterSet {
    var threshold: Float = 128
    var p: Float = 0.5
    func validate() throws { try require("p", p, in: 0...1) }
    static let help = [
      "threshold": "The value from which pixels are inverted.", "p": "The probability.",
    ]
  }
  private struct SharpnessOptions: HyperparameterSet {
    var sharpnessFactor: Float = 1
    var p: Float = 0.5
    func validate() throws {
      try require("sharpness_factor", sharpnessFactor, atLeast: 0)
      try require("p", p, in: 0...1)
    }
    static let help = [
      "sharpness_factor": "0 blurs, 1 changes nothing, 2 sharpens.", "p": "The probability.",
    ]
  }
  private struct BlurOptions: HyperparameterSet {
    var kernelSize = [3]
    var sigma: [Float] = [0.1, 2]
    func validate() throws {
      guard (1...2).contains(kernelSize.count), kernelSize.allSatisfy({ $0 > 0 && $0 % 2 == 1 })
      else {
        throw ConfigError(
          "kernel_size: found \(kernelSize); expected one or two odd numbers, 1 or more",
          key: "kernel_size")
      }
      try BuiltInClasses.check("sigma", sigma, atLeast: least, orOne: true)
    }
    static let help = [
      "kernel_size": "The pixels that are averaged: one odd number, or the width and the height.",
      "sigma": "The deviation, or from and to.",
    ]
  }
  private struct AutoAugmentOptions: HyperparameterSet {
    var policy = AutoAugment.Policy.imageNet
    var interpolation = Sampling.nearest
    var fill: [Float] = [0]
    func validate() throws { try BuiltInClasses.check(fill: fill) }
    static let help = pixelHelp.merging([
      "policy": "The data that the changes were learned on."
    ]) { $1 }
  }
  private struct RandAugmentOptions: HyperparameterSet {
    var numOps = 2
    var magnitude = 9
    var numMagnitudeBins = 31
    var interpolation = Sampling.nearest
    var fill: [Float] = [0]
    func validate() throws {
      try require("num_ops", numOps, atLeast: 0)
      try require("num_magnitude_bins", numMagnitudeBins, atLeast: 2)
      try require("magnitude", magnitude, in: 0...numMagnitudeBins - 1)
      try BuiltInClasses.check(fill: fill)
    }
    static let help = pixelHelp.merging([
      "num_ops": "The number of changes.", "magnitude": "The strength of all of them.",
      "num_magnitude_bins": "The number of strengths.",
    ]) { $1 }
  }
  private struct TrivialAugmentOptions: HyperparameterSet {
    var numMagnitudeBins = 31
    var interpolation = Sampling.nearest
    var fill: [Float] = [0]
    func validate() throws {
      try require("num_magnitude_bins", numMagnitudeBins, atLeast: 2)
      try BuiltInClasses.check(fill: fill)
    }
    static let help = pixelHelp.merging(["num_magnitude_bins": "The number of strengths."]) { $1 }
  }
}

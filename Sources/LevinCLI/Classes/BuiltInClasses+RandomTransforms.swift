internal import LevinConfiguration
internal import LevinVision

// Transforms that draw random numbers, other than those of colours.

extension BuiltInClasses {
  static let randomTransforms: [ClassEntry] = [
    transform(CropOptions.self, "Cuts out a random part.", ["size"]) {
      RandomCrop(
        $0.imageSize, padding: $0.padding.map(imagePadding), padIfNeeded: $0.padIfNeeded,
        fill: $0.fill, paddingMode: $0.paddingMode)
    },
    transform(ResizedCropOptions.self, "Resizes a random part.", ["size"]) {
      RandomResizedCrop(
        imageSize($0.size), scale: $0.scale[0]...$0.scale[1], ratio: $0.ratio[0]...$0.ratio[1],
        interpolation: $0.interpolation, antialias: $0.antialias)
    },
    transform(ChanceOptions.self, "Mirrors left and right, at random.") {
      RandomHorizontalFlip(probability: $0.p)
    },
    transform(ChanceOptions.self, "Mirrors top and bottom, at random.") {
      RandomVerticalFlip(probability: $0.p)
    },
    transform(
      RotationOptions.self, "Turns by a random angle.", ["degrees"], ignored: ["center": [.null]]
    ) {
      RandomRotation(
        range($0.degrees), interpolation: $0.interpolation.value, expand: $0.expand, fill: $0.fill)
    },
    transform(
      AffineOptions.self, "Turns, shifts, scales and shears at random.", ["degrees"],
      ignored: ["center": [.null]]
    ) {
      RandomAffine(
        degrees: range($0.degrees), translate: $0.translate.map { ($0[0], $0[1]) },
        scale: $0.scale.map(range),
        shear: $0.shear.map {
          (range(Array($0.prefix(2))), $0.count == 4 ? range(Array($0[2...])) : nil)
        }, interpolation: $0.interpolation.value, fill: $0.fill)
    },
    transform(PerspectiveOptions.self, "Tilts at random.") {
      RandomPerspective(
        distortion: $0.distortionScale, probability: $0.p, interpolation: $0.interpolation.value,
        fill: $0.fill)
    },
    transform(ErasingOptions.self, "Erases a random rectangle.") {
      RandomErasing(
        probability: $0.p, scale: $0.scale[0]...$0.scale[1], ratio: $0.ratio[0]...$0.ratio[1],
        value: .constant($0.value))
    },
    transform(ApplyOptions.self, "Several transforms, or none, at random.", ["transforms"]) {
      RandomApply(try $0.transforms.map { try $0.make() }, probability: $0.p)
    },
    transform(ChoiceOptions.self, "One of several transforms.", ["transforms"]) {
      RandomChoice(try $0.transforms.map { try $0.make() }, probabilities: $0.p)
    },
    transform(OrderOptions.self, "Several transforms in a random order.", ["transforms"]) {
      RandomOrder(try $0.transforms.map { try $0.make() })
    },
  ]

  /// From one number, the range from its negative to it; from two, the range between them.
  static func range(_ numbers: [Float]) -> ClosedRange<Float> {
    numbers.count == 1 ? -numbers[0]...numbers[0] : numbers[0]...numbers[1]
  }
  /// From one number, it alone; from two, the range between them.
  static func span(_ numbers: [Float]) -> ClosedRange<Float> {
    numbers[0]...(numbers.last ?? numbers[0])
  }

  /// Throws unless `numbers` are two, the smaller one first and at least `least`; or one, if that `may` be.
  static func check(
    _ key: String, _ numbers: [Float], atLeast least: Float? = nil, orOne may: Bool = false
  ) throws {
    let isRange = numbers.count == 2 && numbers[0] <= numbers[1]
    let isNumber = may && numbers.count == 1 && (least != nil || numbers[0] >= 0)
    guard isRange || isNumber, numbers.allSatisfy({ $0.isFinite && $0 >= least ?? $0 }) else {
      let bound = least == 0 || least == nil ? "of 0 or more" : "above 0"
      let one = "a number \(bound)"
      let two = least == nil || may ? "the smaller one first" : "\(bound), the smaller one first"
      throw ConfigError(
        "\(key): found \(numbers); expected \(may ? "\(one), or two" : "two numbers"), \(two)",
        key: key)
    }
  }
  static let least = Float.leastNonzeroMagnitude

  private struct CropOptions: HyperparameterSet {
    var size: [Int] = [224]
    var padding: [Int]?
    var padIfNeeded = false
    var fill: [Float] = [0]
    var paddingMode = ImagePaddingMode.constant
    var imageSize: ImageSize { BuiltInClasses.imageSize(size) }
    func validate() throws {
      try BuiltInClasses.check(size)
      if let padding { try BuiltInClasses.check(padding: padding) }
      try BuiltInClasses.check(fill: fill)
    }
    static let help = sizeHelp.merging(paddingHelp) { $1 }
      .merging(["pad_if_needed": "Whether images that are too small are padded."]) { $1 }
  }
  private struct ResizedCropOptions: HyperparameterSet {
    var size: [Int] = [224]
    var scale: [Float] = [0.08, 1]
    var ratio: [Float] = [3.0 / 4, 4.0 / 3]
    var interpolation = Interpolation.bilinear
    var antialias = true
    func validate() throws {
      try BuiltInClasses.check(size)
      try BuiltInClasses.check("scale", scale, atLeast: least)
      try BuiltInClasses.check("ratio", ratio, atLeast: least)
    }
    static let help = sizeHelp.merging([
      "scale": "The part's share of the area, from and to.",
      "ratio": "The part's width divided by its height, from and to.",
      "interpolation": "How pixels are computed.",
      "antialias": "Whether images of floats are smoothed when they get smaller.",
    ]) { $1 }
  }
  struct ChanceOptions: HyperparameterSet {
    var p: Float = 0.5
    func validate() throws { try require("p", p, in: 0...1) }
    static let help = ["p": "The probability."]
  }
  /// What pictures that are turned or tilted are computed with.
  enum Sampling: String, Codable, Sendable, CaseIterable {
    case nearest, bilinear, bicubic
    var value: Interpolation {
      switch self {
      case .nearest: .nearest
      case .bilinear: .bilinear
      case .bicubic: .bicubic
      }
    }
  }
  static let pixelHelp = [
    "interpolation": "How pixels are computed.",
    "fill": "The value of what comes from outside: one number, or one for each channel.",
  ]
  private struct RotationOptions: HyperparameterSet {
    var degrees: [Float] = [0]
    var interpolation = Sampling.nearest
    var expand = false
    var fill: [Float] = [0]
    func validate() throws {
      try BuiltInClasses.check("degrees", degrees, orOne: true)
      try BuiltInClasses.check(fill: fill)
    }
    static let help = pixelHelp.merging([
      "degrees": "The greatest angle, in either direction; or the smallest and the greatest.",
      "expand": "Whether the image grows to hold all of it.",
    ]) { $1 }
  }
  private struct AffineOptions: HyperparameterSet {
    var degrees: [Float] = [0]
    var translate: [Float]?
    var scale: [Float]?
    var shear: [Float]?
    var interpolation = Sampling.nearest
    var fill: [Float] = [0]
    func validate() throws {
      try BuiltInClasses.check("degrees", degrees, orOne: true)
      try BuiltInClasses.check(fill: fill)
      if let scale { try BuiltInClasses.check("scale", scale, atLeast: least) }
      if let translate {
        guard translate.count == 2, translate.allSatisfy({ (0...1).contains($0) }) else {
          throw ConfigError(
            "translate: found \(translate); expected two numbers from 0 to 1", key: "translate")
        }
      }
      if let shear {
        let vertical = shear.count == 4 ? Array(shear[2...]) : [0]
        try BuiltInClasses.check(
          "shear", shear.count == 4 ? Array(shear[..<2]) : shear, orOne: true)
        try BuiltInClasses.check("shear", vertical, orOne: true)
      }
    }
    static let help = pixelHelp.merging([
      "degrees": "The greatest angle, in either direction; or the smallest and the greatest.",
      "translate": "The greatest shifts, as parts of the width and of the height.",
      "scale": "The factors, from and to.",
      "shear": "The greatest angle of shearing; or from and to; or those of both directions.",
    ]) { $1 }
  }
  private struct PerspectiveOptions: HyperparameterSet {
    var distortionScale: Float = 0.5
    var p: Float = 0.5
    var interpolation = Sampling.bilinear
    var fill: [Float] = [0]
    func validate() throws {
      try require("distortion_scale", distortionScale, in: 0...1)
      try require("p", p, in: 0...1)
      try BuiltInClasses.check(fill: fill)
    }
    static let help = pixelHelp.merging([
      "distortion_scale": "How far the corners may move, as a part of half a side.",
      "p": "The probability.",
    ]) { $1 }
  }
  private struct ErasingOptions: HyperparameterSet {
    var p: Float = 0.5
    var scale: [Float] = [0.02, 0.33]
    var ratio: [Float] = [0.3, 3.3]
    var value: [Float] = [0]
    func validate() throws {
      try require("p", p, in: 0...1)
      try BuiltInClasses.check("scale", scale, atLeast: 0)
      guard scale[1] <= 1 else {
        throw ConfigError("scale: found \(scale); expected numbers up to 1", key: "scale")
      }
      try BuiltInClasses.check("ratio", ratio, atLeast: least)
      try BuiltInClasses.check("value", fill: value)
    }
    static let help = [
      "p": "The probability.",
      "scale": "The rectangle's share of the area, from and to.",
      "ratio": "The rectangle's height divided by its width, from and to.",
      "value": "What it is filled with: one number, or one for each channel.",
    ]
  }
  private struct ApplyOptions: HyperparameterSet {
    var transforms: [ClassChoice<any ImageTransform>] = []
    var p: Float = 0.5
    func validate() throws { try require("p", p, in: 0...1) }
    static let help = ["transforms": "The transforms, in order.", "p": "The probability."]
  }
  private struct ChoiceOptions: HyperparameterSet {
    var transforms: [ClassChoice<any ImageTransform>] = []
    var p: [Double]?
    func validate() throws {
      let p = p ?? transforms.map { _ in 1 }
      guard !p.isEmpty, p.count == transforms.count, p.allSatisfy({ $0 >= 0 && $0.isFinite }),
        p.contains(where: { $0 > 0 })
      else {
        throw ConfigError(
          "p: found \(p) for \(transforms.count) transforms; expected a number of 0 or more for each",
          key: "p")
      }
    }
    static let help = [
      "transforms": "The transforms.", "p": "The probability of each; null: all equal.",
    ]
  }
  private struct OrderOptions: HyperparameterSet {
    var transforms: [ClassChoice<any ImageTransform>] = []
    static let help = ["transforms": "The transforms."]
  }
}

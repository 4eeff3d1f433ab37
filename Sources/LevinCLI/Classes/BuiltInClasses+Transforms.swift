internal import LevinConfiguration
internal import LevinVision

extension BuiltInClasses {
  static let transforms: [ClassEntry] = [
    transform(ComposeOptions.self, "Several transforms, one after the other.", ["transforms"]) {
      Compose(try $0.transforms.map { try $0.make() })
    },
    transform(NoOptions.self, "Bytes to numbers from 0 to 1.") { _ in ToTensor() },
    transform(
      NormalizeOptions.self, "Subtracts a mean and divides by a deviation.", ["mean", "std"]
    ) {
      Normalize(mean: $0.mean, standardDeviation: $0.std)
    },
    transform(ResizeOptions.self, "Changes the size.", ["size"]) {
      Resize(
        $0.imageSize, interpolation: $0.interpolation, maximumSize: $0.maxSize,
        antialias: $0.antialias)
    },
    transform(SizeOptions.self, "Cuts out the middle.", ["size"]) { CenterCrop($0.imageSize) },
    transform(CropOptions.self, "Cuts out a random part.", ["size"]) {
      RandomCrop($0.imageSize, padIfNeeded: $0.padIfNeeded)
    },
    transform(ChanceOptions.self, "Mirrors left and right, at random.") {
      RandomHorizontalFlip(probability: $0.p)
    },
    transform(ChanceOptions.self, "Mirrors top and bottom, at random.") {
      RandomVerticalFlip(probability: $0.p)
    },
    transform(RotationOptions.self, "Turns by a random angle.", ["degrees"]) {
      RandomRotation($0.degrees, interpolation: $0.interpolation, expand: $0.expand)
    },
    transform(GrayscaleOptions.self, "Takes the colours away.") {
      Grayscale(outputChannels: $0.numOutputChannels)
    },
    transform(JitterOptions.self, "Changes colours at random.") {
      ColorJitter(
        brightness: $0.brightness, contrast: $0.contrast, saturation: $0.saturation, hue: $0.hue)
    },
  ]

  private static func transform<Options: HyperparameterSet, Object: ImageTransform>(
    _ options: Options.Type, _ about: String, _ required: Set<String> = [],
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry {
    entry(
      (any ImageTransform).self, options, path: "torchvision.transforms", about: about,
      required: required, ignored: ["inplace": nil], make)
  }

  private struct ComposeOptions: HyperparameterSet {
    var transforms: [ClassChoice<any ImageTransform>] = []
    static let help = ["transforms": "The transforms, in order."]
  }
  private struct NormalizeOptions: HyperparameterSet {
    var mean: [Float] = []
    var std: [Float] = []
    func validate() throws {
      guard !mean.isEmpty, mean.count == std.count else {
        throw ConfigError(
          "std: found \(std.count) numbers beside \(mean.count) means; expected as many, 1 or more",
          key: "std")
      }
    }
    static let help = [
      "mean": "One number for each channel, or one for all.",
      "std": "One number for each channel, or one for all.",
    ]
  }
  private static let sizeHelp = ["size": "One number, or the height and the width."]
  private static func check(_ size: [Int]) throws {
    guard (1...2).contains(size.count), size.allSatisfy({ $0 >= 1 }) else {
      throw ConfigError("size: found \(size); expected one or two numbers, 1 or more", key: "size")
    }
  }
  private static func imageSize(_ size: [Int]) -> ImageSize {
    size.count == 2 ? .exactly(height: size[0], width: size[1]) : .side(size[0])
  }
  private struct SizeOptions: HyperparameterSet {
    var size: [Int] = [224]
    var imageSize: ImageSize { BuiltInClasses.imageSize(size) }
    func validate() throws { try BuiltInClasses.check(size) }
    static let help = sizeHelp
  }
  private struct CropOptions: HyperparameterSet {
    var size: [Int] = [224]
    var padIfNeeded = false
    var imageSize: ImageSize { BuiltInClasses.imageSize(size) }
    func validate() throws { try BuiltInClasses.check(size) }
    static let help = sizeHelp.merging([
      "pad_if_needed": "Whether images that are too small are padded."
    ]) { $1 }
  }
  private struct ResizeOptions: HyperparameterSet {
    var size: [Int] = [224]
    var interpolation = Interpolation.bilinear
    var maxSize: Int?
    var antialias = true
    var imageSize: ImageSize { BuiltInClasses.imageSize(size) }
    func validate() throws {
      try BuiltInClasses.check(size)
      if let maxSize, size.count == 2 || maxSize <= size[0] {
        throw ConfigError(
          "max_size: found \(maxSize) beside a size of \(size); expected more than a size of one number",
          key: "max_size")
      }
    }
    static let help = sizeHelp.merging([
      "interpolation": "How pixels are computed.",
      "max_size": "The greatest size of the longer side; null: any.",
      "antialias": "Whether images of floats are smoothed when they get smaller.",
    ]) { $1 }
  }
  private struct ChanceOptions: HyperparameterSet {
    var p: Float = 0.5
    func validate() throws { try require("p", p, in: 0...1) }
    static let help = ["p": "The probability."]
  }
  private struct RotationOptions: HyperparameterSet {
    var degrees: Float = 0
    var interpolation = Interpolation.nearest
    var expand = false
    func validate() throws { try require("degrees", degrees, atLeast: 0) }
    static let help = [
      "degrees": "The greatest angle, in either direction.",
      "interpolation": "How pixels are computed.",
      "expand": "Whether the image grows to hold all of it.",
    ]
  }
  private struct GrayscaleOptions: HyperparameterSet {
    var numOutputChannels = 1
    func validate() throws {
      guard [1, 3].contains(numOutputChannels) else {
        throw ConfigError(
          "num_output_channels: found \(numOutputChannels); expected 1 or 3",
          key: "num_output_channels")
      }
    }
    static let help = ["num_output_channels": "1, or 3 for equal channels."]
  }
  private struct JitterOptions: HyperparameterSet {
    var brightness: Float = 0
    var contrast: Float = 0
    var saturation: Float = 0
    var hue: Float = 0
    func validate() throws {
      try require("brightness", brightness, atLeast: 0)
      try require("contrast", contrast, atLeast: 0)
      try require("saturation", saturation, atLeast: 0)
      try require("hue", hue, in: 0...0.5)
    }
    static let help = [
      "brightness": "How far the brightness may change, 0: not.",
      "contrast": "How far the contrast may change, 0: not.",
      "saturation": "How far the saturation may change, 0: not.",
      "hue": "How far the hue may turn, up to 0.5.",
    ]
  }
}

internal import LevinConfiguration
internal import LevinTensor
internal import LevinVision

extension BuiltInClasses {
  static let transforms = plainTransforms + randomTransforms + colorTransforms

  private static let plainTransforms: [ClassEntry] = [
    transform(ComposeOptions.self, "Several transforms, one after the other.", ["transforms"]) {
      Compose(try $0.transforms.map { try $0.make() })
    },
    transform(NoOptions.self, "Bytes to numbers from 0 to 1.") { _ in ToTensor() },
    transform(DtypeOptions.self, "Bytes to numbers from 0 to 1, or back.", ["dtype"]) {
      ConvertImageDtype($0.dtype.dtype)
    },
    transform(
      ScaledDtypeOptions.self, "Bytes to numbers, or back.", ["dtype"],
      path: "torchvision.transforms.v2"
    ) {
      ToDtype($0.dtype.dtype, scale: $0.scale)
    },
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
    transform(PadOptions.self, "Adds pixels around an image.", ["padding"]) {
      Pad(imagePadding($0.padding), fill: $0.fill, mode: $0.paddingMode)
    },
    transform(GrayscaleOptions.self, "Takes the colours away.") {
      Grayscale(outputChannels: $0.numOutputChannels)
    },
  ]

  static func transform<Options: HyperparameterSet, Object: ImageTransform>(
    _ options: Options.Type, _ about: String, _ required: Set<String> = [],
    path: String = "torchvision.transforms", ignored: [String: [ConfigValue]?] = [:],
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry {
    entry(
      (any ImageTransform).self, options, path: path, about: about,
      required: required, ignored: ignored.merging(["inplace": nil]) { $1 }, make)
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
  enum ImageDtype: String, Codable, Sendable, CaseIterable {
    case float32 = "torch.float32"
    case uint8 = "torch.uint8"
    var dtype: DType { self == .float32 ? .float32 : .uint8 }
  }
  private struct DtypeOptions: HyperparameterSet {
    var dtype = ImageDtype.float32
    static let help = ["dtype": "The numbers that an image gets."]
  }
  private struct ScaledDtypeOptions: HyperparameterSet {
    var dtype = ImageDtype.float32
    var scale = false
    static let help = [
      "dtype": "The numbers that an image gets.",
      "scale": "Whether 1 stands for the byte 255.",
    ]
  }
  static let sizeHelp = ["size": "One number, or the height and the width."]
  static func check(_ size: [Int]) throws {
    guard (1...2).contains(size.count), size.allSatisfy({ $0 >= 1 }) else {
      throw ConfigError("size: found \(size); expected one or two numbers, 1 or more", key: "size")
    }
  }
  static func imageSize(_ size: [Int]) -> ImageSize {
    size.count == 2 ? .exactly(height: size[0], width: size[1]) : .side(size[0])
  }
  private struct SizeOptions: HyperparameterSet {
    var size: [Int] = [224]
    var imageSize: ImageSize { BuiltInClasses.imageSize(size) }
    func validate() throws { try BuiltInClasses.check(size) }
    static let help = sizeHelp
  }
  static let paddingHelp = [
    "padding":
      "The pixels at each side: one number, two for the sides and top and bottom, or four from the left on.",
    "fill": "The value that is added: one number, or one for each channel.",
    "padding_mode": "What is added.",
  ]
  static func check(padding: [Int]) throws {
    guard [1, 2, 4].contains(padding.count) else {
      throw ConfigError(
        "padding: found \(padding); expected one, two or four numbers", key: "padding")
    }
  }
  static func imagePadding(_ sides: [Int]) -> ImagePadding {
    sides.count == 4
      ? .init(left: sides[0], top: sides[1], right: sides[2], bottom: sides[3])
      : .init(horizontal: sides[0], vertical: sides.last ?? 0)
  }
  static func check(_ key: String = "fill", fill: [Float]) throws {
    guard [1, 3, 4].contains(fill.count) else {
      throw ConfigError(
        "\(key): found \(fill); expected one number, or one for each channel", key: key)
    }
  }
  private struct PadOptions: HyperparameterSet {
    var padding: [Int] = [0]
    var fill: [Float] = [0]
    var paddingMode = ImagePaddingMode.constant
    func validate() throws {
      try BuiltInClasses.check(padding: padding)
      try BuiltInClasses.check(fill: fill)
    }
    static let help = paddingHelp
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
}

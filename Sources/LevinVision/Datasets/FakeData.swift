public import LevinData
internal import LevinFormats
internal import LevinSystem
internal import LevinTensor

/// Random images of random classes, as `torchvision.datasets.FakeData`: for trying out a training without data.
///
/// Image `i` is drawn by a generator with the seed `i + seed`; its numbers are torchvision's: normal numbers, cut to
/// bytes as `ToPILImage` cuts them.
public struct FakeData: Dataset {
  /// The number of images.
  public let count: Int
  /// The sizes of each image.
  public let channels, height, width: Int
  /// The number of classes.
  public let classCount: Int
  /// Added to the number of an image to give its seed.
  public let seed: UInt64
  private let pipeline: ImagePipeline

  /// Traps unless there are 1 to 4 channels, pixels and classes.
  public init(
    count: Int = 1000, channels: Int = 3, height: Int = 224, width: Int = 224, classCount: Int = 10,
    transform: Compose, seed: UInt64 = 0
  ) {
    guard count >= 0, [1, 3, 4].contains(channels), height > 0, width > 0, classCount > 0 else {
      fail(
        "FakeData", "\(count) images [\(channels), \(height), \(width)] of \(classCount) classes",
        expected: "1, 3 or 4 channels, at least one pixel and class")
    }
    self.count = count
    self.channels = channels
    self.height = height
    self.width = width
    self.classCount = classCount
    self.seed = seed
    pipeline = ImagePipeline(transform)
  }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> LabeledImages {
    try batch(BatchRequest(indices))
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> LabeledImages {
    for index in request.indices where index < 0 || index >= count {
      fail("FakeData", "image \(index)", expected: "one of 0..<\(count)")
    }
    var labels: [Int64] = []
    let images = try pipeline.batch(request) { index in
      let (picture, label) = sample(index)
      labels.append(Int64(label))
      return ImageSample(picture)
    }
    return (images, Tensor(labels))
  }

  /// Image `index` and its class.
  func sample(_ index: Int) -> (picture: Picture, label: Int) {
    let generator = Generator(seed: seed &+ UInt64(index))
    let values = Tensor.randn([channels, height, width], generator: generator)
      .scalars(as: Float.self)
    let area = height * width
    var bytes = [UInt8](repeating: 0, count: values.count)
    for channel in 0..<channels {
      for i in 0..<area {
        // A float below 0 becomes a byte as it does in C: the low eight bits of the whole number.
        bytes[i * channels + channel] = UInt8(
          truncatingIfNeeded: Int(values[channel * area + i] * 255))
      }
    }
    let label = generator.integer(below: classCount)
    return (Picture(width: width, height: height, channels: channels, bytes: bytes), label)
  }
}

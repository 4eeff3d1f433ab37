public import LevinData
internal import LevinFormats

/// The MNIST handwritten digits: 60,000 for training and 10,000 for testing, 28×28, one byte per pixel.
public struct MNIST: Dataset {
  /// The images and their labels.
  public let images: ByteImages

  /// Opens the training or the test files.
  ///
  /// They are expected below `root`, or below the folder in the environment variable `LEVIN_MNIST`, in
  /// torchvision's layout (`MNIST/raw`), in `raw`, or flat, plain or as `.gz`. Throws if they are
  /// missing, unreadable or damaged; every error says which file, where in it, and what to
  /// do.
  public init(root: String, train: Bool, transform: Compose) throws {
    try self.init(.configured(name: "MNIST", root: root), train: train, transform: transform)
  }

  init(_ files: MNISTFiles, train: Bool, transform: Compose) throws {
    images = try ByteImages(files, train: train, transform)
  }

  /// The number of samples.
  public var count: Int { images.count }
  /// Identifies the content; see ``Dataset/fingerprint``.
  public var fingerprint: String? { images.fingerprint }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> LabeledImages {
    try images.batch(at: indices)
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> LabeledImages {
    try images.batch(request)
  }
}

extension MNIST: CustomStringConvertible {
  /// The name, and the number and size of the images.
  public var description: String { "MNIST: \(images)" }
}

extension ByteImages {
  init(_ files: MNISTFiles, train: Bool, _ transform: Compose) throws {
    let (images, labels) = try files.read(train: train)
    self.init(
      pixels: images.bytes, offset: images.payloadOffset,
      labels: Array(labels.bytes[labels.payloadOffset...]), height: images.shape[1],
      width: images.shape[2], transform: transform)
  }
}

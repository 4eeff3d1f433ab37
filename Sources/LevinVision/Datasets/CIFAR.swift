public import LevinData

/// The 32×32 colour photographs of CIFAR-10: 50,000 for training and 10,000 for testing (Krizhevsky 2009).
///
/// Levin reads the binary version, `cifar-10-binary.tar.gz` (https://www.cs.toronto.edu/~kriz/cifar.html), unpacked or
/// not; order and pixels are those of the pickled version that torchvision reads.
public struct CIFAR10: Dataset {
  /// The images and their labels.
  public let images: ByteImages
  /// The names of the classes.
  public static let classes = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Opens the training or the test images.
  ///
  /// - Parameters:
  ///   - root: The folder that has `cifar-10-batches-bin` or `cifar-10-binary.tar.gz`, or the first of these itself.
  ///   - transform: Applied to each image.
  public init(root: String, train: Bool, transform: Compose) throws {
    let files = RecordFiles(
      name: "CIFAR-10", folder: "cifar-10-batches-bin", archive: "cifar-10-binary.tar.gz",
      address: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz")
    images = try files.read(
      root: root, train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"],
      labelBytes: 1, labelPlace: 0, classCount: 10, side: 32, transform: transform)
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
  public func batch(_ request: BatchRequest) throws -> LabeledImages { try images.batch(request) }
}

/// The 32×32 colour photographs of CIFAR-100: 50,000 for training and 10,000 for testing (Krizhevsky 2009).
///
/// Levin reads the binary version, `cifar-100-binary.tar.gz`, unpacked or not.
public struct CIFAR100: Dataset {
  /// The images and their labels.
  public let images: ByteImages

  /// Opens the training or the test images.
  ///
  /// - Parameters:
  ///   - root: The folder that has `cifar-100-binary` or `cifar-100-binary.tar.gz`, or the first of these itself.
  ///   - coarse: Whether labels are the 20 groups instead of the 100 classes.
  ///   - transform: Applied to each image.
  public init(root: String, train: Bool, coarse: Bool = false, transform: Compose) throws {
    let files = RecordFiles(
      name: "CIFAR-100", folder: "cifar-100-binary", archive: "cifar-100-binary.tar.gz",
      address: "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz")
    images = try files.read(
      root: root, [train ? "train.bin" : "test.bin"], labelBytes: 2, labelPlace: coarse ? 0 : 1,
      classCount: coarse ? 20 : 100, side: 32, transform: transform)
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
  public func batch(_ request: BatchRequest) throws -> LabeledImages { try images.batch(request) }
}

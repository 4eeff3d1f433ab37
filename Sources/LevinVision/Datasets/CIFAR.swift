public import LevinData

/// The 32×32 colour photographs of CIFAR-10: 50,000 for training and 10,000 for testing (Krizhevsky 2009).
///
/// Levin reads the binary version, `cifar-10-binary.tar.gz` (https://www.cs.toronto.edu/~kriz/cifar.html), unpacked or
/// not; order and pixels are those of the pickled version that torchvision reads. ``prepare(root:mirror:onEvent:)`` downloads it.
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
    images = try Self.files.read(
      root: root, train ? Self.files.files.dropLast() : ["test_batch.bin"],
      labelBytes: 1, labelPlace: 0, classCount: 10, side: 32, transform: transform)
  }

  static let files = RecordFiles(
    name: "CIFAR-10", folder: "cifar-10-batches-bin",
    files: (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"],
    archive: RemoteFile(
      name: "cifar-10-binary.tar.gz", byteCount: 170_052_171,
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
    mirrors: ["https://www.cs.toronto.edu/~kriz/"])

  /// Downloads and unpacks the archive, 170 MB, unless its files are there.
  ///
  /// An interrupted download goes on the next time. The archive must match its published SHA-256, and stays beside the
  /// folder.
  ///
  /// - Parameters:
  ///   - root: The folder for the archive and its folder; made if it is missing.
  ///   - mirror: Addresses of folders to try before the authors', `http://`, `https://` or `file://`, with spaces or commas
  ///     between them.
  ///   - onEvent: Called from any thread with what happens; nil shows it on standard error.
  /// - Throws: ``DownloadError`` if no address provides the archive, errors of archives and of the disk,
  ///   `CancellationError`.
  public static func prepare(
    root: String, mirror: String = "", onEvent: (@Sendable (DownloadEvent) -> Void)? = nil
  ) async throws {
    try await files.prepare(root: root, mirror: mirror, onEvent: onEvent)
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
/// Levin reads the binary version, `cifar-100-binary.tar.gz`, unpacked or not. ``prepare(root:mirror:onEvent:)`` downloads it.
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
    images = try Self.files.read(
      root: root, [train ? "train.bin" : "test.bin"], labelBytes: 2, labelPlace: coarse ? 0 : 1,
      classCount: coarse ? 20 : 100, side: 32, transform: transform)
  }

  static let files = RecordFiles(
    name: "CIFAR-100", folder: "cifar-100-binary", files: ["train.bin", "test.bin"],
    archive: RemoteFile(
      name: "cifar-100-binary.tar.gz", byteCount: 168_513_733,
      sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"),
    mirrors: CIFAR10.files.mirrors)

  /// Downloads and unpacks the archive, 169 MB, unless its files are there, as ``CIFAR10/prepare(root:mirror:onEvent:)``.
  public static func prepare(
    root: String, mirror: String = "", onEvent: (@Sendable (DownloadEvent) -> Void)? = nil
  ) async throws {
    try await files.prepare(root: root, mirror: mirror, onEvent: onEvent)
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

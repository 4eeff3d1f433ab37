public import LevinData
internal import LevinFormats
internal import LevinSystem

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

/// Files of records: the bytes of labels, then those of the planes of a picture.
struct RecordFiles {
  let name, folder, archive, address: String

  func read(
    root: String, _ names: [String], labelBytes: Int, labelPlace: Int, classCount: Int, side: Int,
    transform: Compose
  ) throws -> ByteImages {
    let size = 3 * side * side
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    for (path, bytes) in try contents(root: root, names) {
      let record = labelBytes + size
      guard !bytes.isEmpty, bytes.count % record == 0 else {
        throw RecordFileError(
          path: path, offset: bytes.count,
          problem: "found \(bytes.count) bytes; expected records of \(record)")
      }
      pixels.reserveCapacity(pixels.count + bytes.count)
      for start in stride(from: 0, to: bytes.count, by: record) {
        let label = bytes[start + labelPlace]
        guard label < classCount else {
          throw RecordFileError(
            path: path, offset: start + labelPlace,
            problem: "found label \(label); expected 0 to \(classCount - 1)")
        }
        labels.append(label)
        pixels += bytes[start + labelBytes..<start + record]
      }
    }
    return ByteImages(
      pixels: pixels, labels: labels, channels: 3, height: side, width: side, transform: transform)
  }

  /// The files, from the folder or else from the archive.
  private func contents(root: String, _ names: [String]) throws -> [(String, [UInt8])] {
    let root = FileSystem.expandingHome(root)
    for place in [FileSystem.joined(root, folder), root] {
      let paths = names.map { FileSystem.joined(place, $0) }
      guard paths.allSatisfy({ FileBytes.isFile($0) }) else { continue }
      return try paths.map { ($0, try FileBytes.read($0)) }
    }
    let path = FileSystem.joined(root, archive)
    guard FileBytes.isFile(path) else {
      throw RecordFileError(
        path: root, offset: nil,
        problem: "found neither \(folder)/\(names[0]) nor \(archive) of \(name); expected one of "
          + "them. Download \(address) into this folder.")
    }
    let bytes = try Gzip.inflate(FileBytes.read(path), path: path, limit: 1 << 30)
    let entries = try TarArchive(bytes, path: path)
    return try names.map { name in
      guard let content = entries.content(of: name) else {
        throw RecordFileError(
          path: path, offset: nil, problem: "found no \(name) in it. Download it again.")
      }
      return ("\(path)/\(name)", Array(content))
    }
  }
}

/// What is wrong with the files of a dataset.
public struct RecordFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// The byte; nil if the problem is the whole file.
  public let offset: Int?
  /// What was found and expected.
  public let problem: String
  /// The file, the byte, and what is wrong.
  public var description: String {
    offset.map { "\(path): byte \($0): \(problem)" } ?? "\(path): \(problem)"
  }
}

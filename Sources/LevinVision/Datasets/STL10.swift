public import LevinData
internal import LevinSystem
internal import LevinTensor

/// The 96×96 colour photographs of STL-10, of which most have no label (Coates, Lee and Ng 2011).
///
/// Levin reads `stl10_binary.tar.gz` (https://cs.stanford.edu/~acoates/stl10), unpacked or not; pixels and labels are those
/// of torchvision. ``prepare(root:mirror:onEvent:)`` downloads it.
public struct STL10: Dataset {
  /// The parts of the dataset.
  public enum Split: String, Sendable, Codable, CaseIterable {
    /// 5,000 images with labels.
    case train
    /// 8,000 images with labels.
    case test
    /// 100,000 images whose label is -1; they take 2.8 GB of memory.
    case unlabeled
  }
  /// The names of the classes.
  public static let classes = [
    "airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck",
  ]
  /// The images; those without a label have 0 here.
  public let images: ByteImages
  /// Which images.
  public let split: Split

  /// Opens a part of the images.
  ///
  /// - Parameters:
  ///   - root: The folder that has `stl10_binary` or `stl10_binary.tar.gz`, or the first of these itself.
  ///   - fold: One of the ten sets of 1,000 training images that the authors fixed, 0…9; nil for all.
  ///   - transform: Applied to each image.
  /// - Throws: ``RecordFileError``, which names the file and the byte. Traps for a fold of another part than `train`.
  public init(root: String, split: Split, fold: Int? = nil, transform: Compose) throws {
    guard fold == nil || split == .train && (0..<10).contains(fold ?? 0) else {
      fail("STL10", "fold \(fold ?? 0) of \(split.rawValue)", expected: "0 to 9 of train")
    }
    let names =
      ["\(split.rawValue)_X.bin"] + (split == .unlabeled ? [] : ["\(split.rawValue)_y.bin"])
    let contents = try Self.files.contents(
      root: root, names + (fold == nil ? [] : ["fold_indices.txt"]))
    let (path, bytes) = contents[0]
    let size = 3 * Self.side * Self.side
    guard !bytes.isEmpty, bytes.count % size == 0 else {
      throw RecordFileError(
        path: path, offset: bytes.count,
        problem: "found \(bytes.count) bytes; expected images of \(size)")
    }
    let count = bytes.count / size
    var labels = [UInt8](repeating: 0, count: count)
    if split != .unlabeled { labels = try Self.labels(contents[1], count: count) }
    let chosen = try fold.map { try Self.indices(contents[2], fold: $0, count: count) }
    images = ByteImages(
      pixels: Self.rows(bytes, chosen ?? Array(0..<count)),
      labels: chosen?.map { labels[$0] } ?? labels, channels: 3, height: Self.side,
      width: Self.side, transform: transform)
    self.split = split
  }

  private static let side = 96
  static let files = RecordFiles(
    name: "STL-10", folder: "stl10_binary",
    files: [
      "train_X.bin", "train_y.bin", "test_X.bin", "test_y.bin", "unlabeled_X.bin",
      "fold_indices.txt",
    ],
    archive: RemoteFile(
      name: "stl10_binary.tar.gz", byteCount: 2_640_397_119,
      sha256: "f31fd99273a1acb8609c8db427cebb1de3f71de77758cdc0e22956e1289b9866"),
    mirrors: ["http://ai.stanford.edu/~acoates/stl10/"])

  /// Downloads and unpacks the archive, 2.6 GB and 3.1 GB, unless its files are there, as
  /// ``CIFAR10/prepare(root:mirror:onEvent:)``.
  public static func prepare(
    root: String, mirror: String = "", onEvent: (@Sendable (DownloadEvent) -> Void)? = nil
  ) async throws {
    try await files.prepare(root: root, mirror: mirror, onEvent: onEvent)
  }

  /// The file has the columns of each plane one after the other.
  private static func rows(_ bytes: [UInt8], _ images: [Int]) -> [UInt8] {
    let area = side * side
    return [UInt8](unsafeUninitializedCapacity: images.count * 3 * area) { output, written in
      for (place, image) in images.enumerated() {
        for plane in 0..<3 {
          let (from, to) = ((image * 3 + plane) * area, (place * 3 + plane) * area)
          for y in 0..<side {
            for x in 0..<side { output[to + y * side + x] = bytes[from + x * side + y] }
          }
        }
      }
      written = images.count * 3 * area
    }
  }

  /// The file counts from 1.
  private static func labels(
    _ file: (path: String, bytes: [UInt8]), count: Int
  ) throws -> [UInt8] {
    guard file.bytes.count == count else {
      throw RecordFileError(
        path: file.path, offset: nil,
        problem: "found \(file.bytes.count) labels; expected \(count), one for each image")
    }
    if let place = file.bytes.firstIndex(where: { !(1...10).contains($0) }) {
      throw RecordFileError(
        path: file.path, offset: place,
        problem: "found label \(file.bytes[place]); expected 1 to 10")
    }
    return file.bytes.map { $0 - 1 }
  }

  /// A line of numbers for each fold.
  private static func indices(
    _ file: (path: String, bytes: [UInt8]), fold: Int, count: Int
  ) throws -> [Int] {
    let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
    let numbers = fold < lines.count ? lines[fold].split(separator: " ").map { Int($0) ?? -1 } : []
    guard !numbers.isEmpty, numbers.allSatisfy({ (0..<count).contains($0) }) else {
      throw RecordFileError(
        path: file.path, offset: nil,
        problem: "found no fold \(fold) in it; expected a line of numbers of 0..<\(count)")
    }
    return numbers
  }

  /// The number of samples.
  public var count: Int { images.count }
  /// Identifies the content; see ``Dataset/fingerprint``.
  public var fingerprint: String? { images.fingerprint }
  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> LabeledImages {
    try batch(BatchRequest(indices))
  }
  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> LabeledImages {
    var batch = try images.batch(request)
    if split == .unlabeled { batch.labels = Tensor.full(batch.labels.shape, -1, dtype: .int64) }
    return batch
  }
}

public import LevinData
internal import LevinSystem
public import LevinTensor

/// A batch of chest X-rays.
///
/// Images `[batch, channels, height, width]`; labels `[batch, tasks]` float32: 1, 0, or −1 for one that does not count; and
/// the numbers of their studies in the dataset, `[batch]` int64.
public typealias ChestXRayBatch = (images: Tensor, labels: Tensor, studies: Tensor)

/// The images of a ``ChestXRayList`` with their labels for some tasks.
public struct ChestXRayDataset: Dataset {
  /// Where the images are.
  public let list: ChestXRayList
  /// The findings to predict; a label is a place in it.
  public let tasks: [ChestFinding]
  /// What becomes of labels that are neither present nor absent.
  public let policy: LabelPolicy
  /// The number of each image's study.
  public let studies: [Int]
  /// `[count, tasks]`.
  private let targets: [Float]
  private let reader: ImageReader

  /// Traps unless there is a task, and each is given once.
  ///
  /// - Parameters:
  ///   - transform: Applied to each picture; it must give all of them one shape. Pictures are gray; ``ToRGB`` makes three
  ///     equal channels.
  ///   - damaged: What to do with a file that is missing or damaged.
  ///   - least: If given, JPEG files are decoded at 1/2, 1/4 or 1/8 of their size, but at least as wide and high as this.
  public init(
    _ list: ChestXRayList, tasks: [ChestFinding] = ChestFinding.competition,
    policy: LabelPolicy = LabelPolicy(), transform: Compose, damaged: DamagedImages = .fail,
    least: (width: Int, height: Int)? = nil
  ) {
    guard !tasks.isEmpty, Set(tasks).count == tasks.count else {
      fail("ChestXRayDataset", "the tasks \(tasks.map(\.rawValue))", expected: "some, each once")
    }
    self.list = list
    self.tasks = tasks
    self.policy = policy
    studies = list.studies
    targets = list.images.flatMap { image in tasks.map { policy.target(image[$0], of: $0) } }
    reader = ImageReader(
      pipeline: ImagePipeline(transform), mode: .gray, damaged: damaged, least: least)
  }

  /// The number of images.
  public var count: Int { list.count }

  /// The CRC-32C of all studies, files' names and labels; the files' contents are not read.
  public var fingerprint: String? {
    ImageReader.fingerprint(
      list.images.lazy.map { image in
        let name = image.path.split(separator: "/").last ?? ""
        return "\(image.study)\t\(name)\t\(image.labels.map { "\($0.rawValue)" })\n"
      })
  }

  /// The files that were passed over so far, with the reason; ``DamagedImages/skip`` alone passes over files.
  public var skipped: [ImageFileError] { reader.skipped.errors }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> ChestXRayBatch {
    try batch(BatchRequest(indices))
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> ChestXRayBatch {
    let (images, indices) = try reader.samples(request) { list.images[$0].path }
    return (
      images, labels(at: indices), Tensor(indices.map { Int64(studies[$0]) })
    )
  }

  /// The targets of some images, `[indices, tasks]`.
  public func labels(at indices: [Int]) -> Tensor {
    let width = tasks.count
    return Tensor(
      indices.flatMap { targets[$0 * width..<($0 + 1) * width] }, shape: [indices.count, width])
  }

  /// A weight for each image, with which a ``WeightedRandomSampler`` balances present and absent findings.
  ///
  /// It is the mean over the tasks of 1 / the number of images with the same target; targets that do not count add
  /// nothing. With one task, its two classes are drawn equally often.
  public var samplingWeights: [Double] {
    let width = tasks.count
    var counts = [(absent: Double, present: Double)](repeating: (0, 0), count: width)
    for (place, target) in targets.enumerated() {
      if target == 1 { counts[place % width].present += 1 }
      if target == 0 { counts[place % width].absent += 1 }
    }
    return (0..<count).map { image in
      counts.indices.reduce(0) { sum, task in
        switch targets[image * width + task] {
        case 1: sum + 1 / counts[task].present
        case 0: sum + 1 / counts[task].absent
        default: sum
        }
      } / Double(width)
    }
  }
}

extension ChestXRayDataset: CustomStringConvertible {
  /// The numbers of images, studies and patients.
  public var description: String { list.description }
}

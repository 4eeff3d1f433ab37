public import LevinData
internal import LevinSystem
public import LevinTensor

/// Picture files with a target each, such as the rows of a table.
///
/// A batch has the images and the collated targets: `[samples]` int64 for targets of `Int`, `[samples, n]` for those
/// that are tensors `[n]`.
public struct ImageList<Target: Collatable & Sendable>: Dataset {
  /// A batch: images `[samples, channels, height, width]`, and their targets.
  public typealias Batch = (images: Tensor, targets: Target.Batch)
  /// The files, in order.
  public let paths: [String]
  /// The target of each file.
  public let targets: [Target]
  private let reader: ImageReader

  /// Traps unless there is a target for each path.
  ///
  /// Files are opened when they are needed.
  ///
  /// - Parameters:
  ///   - transform: Applied to each picture; it must give all of them one shape.
  ///   - mode: The channels of the pictures.
  ///   - damaged: What to do with a file that is missing or damaged.
  ///   - appliesOrientation: Whether photographs are turned as their EXIF data says.
  ///   - least: If given, JPEG files are decoded at 1/2, 1/4 or 1/8 of their size, but at least as wide and high as this.
  public init(
    paths: [String], targets: [Target], transform: Compose, mode: ImageReadMode = .rgb,
    damaged: DamagedImages = .fail, appliesOrientation: Bool = false,
    least: (width: Int, height: Int)? = nil
  ) {
    guard paths.count == targets.count else {
      fail(
        "ImageList", "\(paths.count) paths and \(targets.count) targets",
        expected: "a target for each path")
    }
    self.paths = paths
    self.targets = targets
    reader = ImageReader(
      pipeline: ImagePipeline(transform), mode: mode, damaged: damaged,
      appliesOrientation: appliesOrientation, least: least)
  }

  /// The number of files.
  public var count: Int { paths.count }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> Batch {
    try batch(BatchRequest(indices))
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> Batch {
    let (images, indices) = try reader.samples(request) { paths[$0] }
    return (images, try Target.collate(indices.map { targets[$0] }))
  }
}

/// Files in a folder with one folder for each class, read by a function of one's own (torchvision's `DatasetFolder`).
public struct DatasetFolder<Content>: SampleDataset {
  /// The names of the classes; a label is a place in it.
  public let classes: [String]
  /// The files, in order.
  public let paths: [String]
  /// The class of each file.
  public let labels: [Int]
  private let load: @Sendable (String) throws -> Content

  /// - Parameters:
  ///   - root: A folder; a leading `~` is the user's home.
  ///   - extensions: The endings of the files to take, in lower case, with their dots.
  ///   - allowsEmpty: Whether a class may have no files.
  ///   - load: Reads a file; a loader with workers calls it from several threads at the same time.
  public init(
    root: String, extensions: [String], allowsEmpty: Bool = false,
    load: @escaping @Sendable (_ path: String) throws -> Content
  ) throws {
    let found = try FolderSamples(root: root, extensions: extensions, allowsEmpty: allowsEmpty)
    classes = found.classes
    paths = found.paths
    labels = found.labels
    self.load = load
  }

  /// The number of files.
  public var count: Int { paths.count }
  /// The content of file `index`, and its class.
  public func sample(at index: Int) throws -> (Content, Int) {
    (try load(paths[index]), labels[index])
  }
}

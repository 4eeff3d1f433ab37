public import LevinData
public import LevinFormats
internal import LevinTensor

/// What a dataset does with a picture file that is missing or damaged.
public enum DamagedImages: String, Sendable, Hashable, Codable, CaseIterable {
  /// The pass ends with an error that names the file.
  case fail
  /// A JPEG file that ends early gives the pixels up to there, and gray below (Pillow's `LOAD_TRUNCATED_IMAGES`); others
  /// are errors.
  case partial
  /// The batch has a sample less; a warning names the file once. A batch without any readable file is an error.
  case skip
}

/// Pictures in a folder with one folder for each class (torchvision's `ImageFolder`).
///
///     root/cat/1.jpg
///     root/cat/more/2.png
///     root/dog/1.jpg
///
/// Classes are numbered in the order of the bytes of their names; files are in torchvision's order. Pictures are read
/// when they are needed: JPEG, PNG, PGM and PPM, by content.
public struct ImageFolder: Dataset {
  /// The extensions of the files that are taken, in upper or lower case.
  public static let extensions = [
    ".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp",
  ]
  /// The names of the classes; a label is a place in it.
  public let classes: [String]
  /// The files, in order.
  public let paths: [String]
  /// The class of each file.
  public let labels: [Int]
  /// The transforms applied to pictures.
  public let transform: Compose
  private let reader: ImageReader

  /// Lists the files below `root`.
  ///
  /// - Parameters:
  ///   - root: A folder; a leading `~` is the user's home.
  ///   - transform: Applied to each picture; it must give all of them one shape.
  ///   - mode: The channels of the pictures; RGB as in torchvision; gray is faster for gray files.
  ///   - damaged: What to do with a file that is missing or damaged.
  ///   - appliesOrientation: Whether photographs are turned as their EXIF data says; torchvision does not.
  ///   - least: If given, JPEG files are decoded at 1/2, 1/4 or 1/8 of their size, but at least as wide and high as this.
  ///     That is faster, and gives slightly different pixels.
  ///   - allowsEmpty: Whether a class may have no files.
  public init(
    root: String, transform: Compose, mode: ImageReadMode = .rgb, damaged: DamagedImages = .fail,
    appliesOrientation: Bool = false, least: (width: Int, height: Int)? = nil,
    allowsEmpty: Bool = false
  ) throws {
    let found = try FolderSamples(
      root: root, extensions: Self.extensions, allowsEmpty: allowsEmpty)
    classes = found.classes
    paths = found.paths
    labels = found.labels
    self.transform = transform
    reader = ImageReader(
      pipeline: ImagePipeline(transform), mode: mode, damaged: damaged,
      appliesOrientation: appliesOrientation, least: least)
  }

  /// The number of files.
  public var count: Int { paths.count }

  /// The CRC-32C of all paths and labels; the files' contents are not read.
  public var fingerprint: String? {
    ImageReader.fingerprint(zip(paths, labels).map { "\($0)\t\($1)\n" })
  }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> LabeledImages {
    try batch(BatchRequest(indices))
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> LabeledImages {
    let (images, indices) = try reader.samples(request) { paths[$0] }
    return (images, Tensor(indices.map { Int64(labels[$0]) }))
  }

  /// Picture `index`, before the transforms.
  public func picture(at index: Int) throws -> Picture { try reader.picture(paths[index]) }
}

extension ImageFolder: CustomStringConvertible {
  /// The number of files and classes.
  public var description: String { "\(count) pictures in \(classes.count) classes" }
}

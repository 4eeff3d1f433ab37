public import LevinData
internal import LevinFormats
internal import LevinSystem
public import LevinTensor

/// Images `[batch, channels, height, width]` (float32) and the class of each pixel `[batch, height, width]` (int64).
public typealias SegmentedImages = (images: Tensor, masks: Tensor)

/// Pictures in one folder and their masks in another, under the same names.
///
///     let folder = try SegmentationFolder(
///       images: "train/images", masks: "train/masks",
///       transform: Compose(RandomResizedCrop(256), RandomHorizontalFlip(), ToTensor()))
///
/// A mask is a PNG file whose gray values, or numbers in its palette, are classes. Transforms that move pixels do so in
/// both; those of colours change the picture alone.
public struct SegmentationFolder: Dataset {
  /// The pictures, in the order of their names' bytes.
  public let images: [String]
  /// The mask of each picture.
  public let masks: [String]
  /// The transforms applied to pictures with their masks.
  public let transform: Compose
  /// The gray value of each class; nil if values are classes.
  public let values: [UInt8]?
  private let reader: ImageReader

  /// Lists the files of both folders.
  ///
  /// - Parameters:
  ///   - images: A folder of JPEG, PNG, PGM or PPM files.
  ///   - masks: The folder that has a `.png` for each of them, of the same size.
  ///   - transform: It must give all pictures one shape.
  ///   - values: If given, the gray value of class 0, of class 1 and so on, such as `[0, 255]`; others are errors.
  ///   - mode: The channels of the pictures.
  ///   - damaged: What to do with a picture or a mask that is damaged.
  /// - Throws: ``SegmentationError`` if there is no picture, or one without a mask, and errors of the file system.
  public init(
    images: String, masks: String, transform: Compose, values: [UInt8]? = nil,
    mode: ImageReadMode = .rgb, damaged: DamagedImages = .fail
  ) throws {
    let (folder, maskFolder) = (
      FileSystem.expandingHome(images), FileSystem.expandingHome(masks)
    )
    let names = try FolderListing(folder).names.filter { name in
      ImageFolder.extensions.contains { name.lowercased().hasSuffix($0) }
    }
    guard !names.isEmpty else {
      throw SegmentationError(path: folder, problem: "found no pictures in it")
    }
    let known = Set(try FolderListing(maskFolder).names)
    self.masks = try names.map { name in
      let stem = name.split(separator: ".").dropLast().joined(separator: ".")
      guard known.contains(stem + ".png") else {
        throw SegmentationError(
          path: FileSystem.joined(folder, name),
          problem: "found no mask for it; expected \(stem).png in \(maskFolder)")
      }
      return FileSystem.joined(maskFolder, stem + ".png")
    }
    self.images = names.map { FileSystem.joined(folder, $0) }
    (self.transform, self.values) = (transform, values)
    reader = ImageReader(pipeline: ImagePipeline(transform), mode: mode, damaged: damaged)
  }

  /// The number of pictures.
  public var count: Int { images.count }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> SegmentedImages {
    try batch(BatchRequest(indices))
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> SegmentedImages {
    var classes: [Int64] = []
    let (images, indices) = try reader.samples(request) { index in
      guard self.images.indices.contains(index) else {
        fail("SegmentationFolder", "sample \(index)", expected: "one of 0..<\(count)")
      }
      return try sample(index)
    } visit: { index, sample in
      classes += try self.classes(of: sample, index)
    }
    return (
      images, Tensor(classes, shape: [indices.count, images.shape[2], images.shape[3]])
    )
  }

  /// Picture `index` with its mask, before the transforms.
  public func sample(_ index: Int) throws -> ImageSample {
    let picture = try reader.picture(images[index])
    let mask = try Picture(contentsOf: masks[index], mode: .numbers)
    guard (mask.width, mask.height) == (picture.width, picture.height) else {
      throw SegmentationError(
        path: masks[index],
        problem: "found \(mask.width)×\(mask.height) pixels; expected "
          + "\(picture.width)×\(picture.height), as in \(images[index])")
    }
    return ImageSample(picture, mask: mask)
  }

  /// The classes of a sample's pixels, row by row.
  private func classes(of sample: ImageSample, _ index: Int) throws -> [Int64] {
    let bytes = sample.mask?.bytes ?? []
    guard let values else { return bytes.map { Int64($0) } }
    var numbers = [Int64](repeating: -1, count: 256)
    for (number, value) in values.enumerated() { numbers[Int(value)] = Int64(number) }
    if let place = bytes.firstIndex(where: { numbers[Int($0)] < 0 }) {
      throw SegmentationError(
        path: masks[index],
        problem: "found the value \(bytes[place]); expected one of \(values)")
    }
    return bytes.map { numbers[Int($0)] }
  }
}

/// What is wrong with the files of a ``SegmentationFolder``.
public struct SegmentationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What was found and expected.
  public let problem: String
  /// The file, and what is wrong.
  public var description: String { "\(path): \(problem)" }
}

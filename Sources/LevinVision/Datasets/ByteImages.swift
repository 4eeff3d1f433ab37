public import LevinData
internal import LevinFormats
internal import LevinSystem
public import LevinTensor
internal import Synchronization

/// Images `[batch, channels, height, width]` (float32) and class labels `[batch]` (int64).
public typealias LabeledImages = (images: Tensor, labels: Tensor)

/// Labeled images in memory, one byte per pixel.
public struct ByteImages: Dataset {
  /// The sizes of every image.
  public let channels, height, width: Int
  /// The transform applied to fetched images.
  public let transform: Compose
  /// The bytes of the images, `[count, channels, height, width]`, from ``offset`` on.
  private let pixels: [UInt8]
  private let offset: Int
  /// The class of each image.
  public let labels: [UInt8]
  /// The table of the transform; nil if it is not pointwise.
  private let table: ByteTable?
  private let pipeline: ImagePipeline
  private let knownFingerprint = KnownFingerprint()

  /// A fingerprint, which several sets that share the images ask for.
  private final class KnownFingerprint: Sendable {
    let text = Mutex<String?>(nil)
  }

  /// Creates a dataset of images whose bytes are in `pixels` from `offset` on, with one label for each.
  ///
  /// Traps unless the number of bytes matches the labels and the sizes.
  public init(
    pixels: [UInt8], offset: Int = 0, labels: [UInt8], channels: Int = 1, height: Int, width: Int,
    transform: Compose
  ) {
    guard checkedProduct([labels.count, channels, height, width]) == pixels.count - offset else {
      fail(
        "ByteImages", "\(pixels.count - offset) bytes",
        expected: "those of \(labels.count) images of shape [\(channels), \(height), \(width)]")
    }
    self.channels = channels
    self.height = height
    self.width = width
    self.transform = transform
    self.pixels = pixels
    self.offset = offset
    self.labels = labels
    table = transform.table(channels: channels)
    pipeline = ImagePipeline(transform)
  }

  /// The number of samples.
  public var count: Int { labels.count }

  /// The CRC-32C of all pixels and then all labels: `crc32c:` and eight hexadecimal digits.
  public var fingerprint: String? {
    knownFingerprint.text.withLock { known in
      if let known { return known }
      let sum = Kernels.crc32c(labels[...], after: Kernels.crc32c(pixels[offset...]))
      let digits = String(sum, radix: 16)
      known = "crc32c:" + String(repeating: "0", count: 8 - digits.count) + digits
      return known
    }
  }

  /// The bytes of image `index`, `[channels, height, width]`.
  public func bytes(of index: Int) -> ArraySlice<UInt8> {
    let size = channels * height * width
    return pixels[offset + index * size..<offset + (index + 1) * size]
  }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> LabeledImages {
    try batch(BatchRequest(indices))
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> LabeledImages {
    let indices = request.indices
    for index in indices where index < 0 || index >= count {
      fail("ByteImages", "image \(index)", expected: "one of 0..<\(count)")
    }
    let images = try table.map { gather(request, $0) } ?? pipeline.batch(request, load: image)
    let classes = Tensor(shape: [indices.count], dtype: .int64) { bytes in
      let classes = bytes.assumingMemoryBound(to: Int64.self)
      for (i, index) in indices.enumerated() { classes[i] = Int64(labels[index]) }
    }
    return (images, classes)
  }

  /// Makes the batch in one pass over its bytes.
  private func gather(_ request: BatchRequest, _ table: ByteTable) -> Tensor {
    Tensor(shape: [request.range.count, channels, height, width]) { output in
      pixels.withUnsafeBufferPointer { pixels in
        let output = output.assumingMemoryBound(to: Float.self)
        guard let output = output.baseAddress, let pixels = pixels.baseAddress else { return }
        Kernels.gather(
          pixels + offset, rows: request, channels: channels, area: height * width, table: table,
          to: output)
      }
    }
  }

  /// Image `index` as a picture.
  private func image(_ index: Int) -> ImageSample {
    ImageSample(
      Kernels.picture(
        ofPlanes: bytes(of: index), channels: channels, height: height, width: width))
  }
}

extension ByteImages: CustomStringConvertible {
  /// The number and size of the images.
  public var description: String { "\(count) images of [\(channels), \(height), \(width)] bytes" }
}

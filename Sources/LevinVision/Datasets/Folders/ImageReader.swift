internal import LevinData
internal import LevinFormats
internal import LevinSystem
internal import LevinTensor
internal import Synchronization

/// Reads picture files for a dataset.
struct ImageReader: Sendable {
  let pipeline: ImagePipeline
  let mode: ImageReadMode
  let damaged: DamagedImages
  var appliesOrientation = false
  var least: (width: Int, height: Int)?
  let skipped = SkippedImages()

  func picture(_ path: String) throws -> Picture {
    try Picture(
      contentsOf: path, mode: mode, appliesOrientation: appliesOrientation, least: least,
      acceptsTruncated: damaged == .partial)
  }

  /// The images of a request after all transforms, and the samples that they are of: all, unless files may be skipped.
  func samples(
    _ request: BatchRequest, path: (Int) -> String
  ) throws -> (images: Tensor, indices: [Int]) {
    try samples(request, load: { ImageSample(try picture(path($0))) })
  }

  /// The same of images that `load` reads; `visit` sees each of them (``ImagePipeline``).
  func samples(
    _ request: BatchRequest, load: (Int) throws -> ImageSample,
    visit: (Int, ImageSample) throws -> Void = { _, _ in }
  ) throws -> (images: Tensor, indices: [Int]) {
    try pipeline.batch(
      request, skipping: { damaged == .skip && skipped.add($0) }, load: load, visit: visit)
  }

  static func fingerprint(_ lines: some Sequence<String>) -> String {
    let sum = lines.reduce(UInt32(0)) { sum, line in
      Kernels.crc32c(Array(line.utf8)[...], after: sum)
    }
    let digits = String(sum, radix: 16)
    return "crc32c:" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// The files that a dataset has passed over.
final class SkippedImages: Sendable {
  private let found = Mutex<[ImageFileError]>([])

  /// The reason for each file, in the order in which they were met.
  var errors: [ImageFileError] { found.withLock { $0 } }

  /// Remembers a sample whose file cannot be read, and names it if it is new; false for another error.
  func add(_ error: SampleError) -> Bool {
    guard let cause = error.cause as? ImageFileError else { return false }
    let isNew = found.withLock { found in
      guard !found.contains(where: { $0.path == cause.path }) else { return false }
      found.append(cause)
      return true
    }
    if isNew { StandardError.write("warning: skipped \(error)\n") }
    return true
  }
}

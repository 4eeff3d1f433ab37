internal import LevinData
internal import LevinFormats
internal import LevinTensor

/// The transforms of a dataset, as they are applied to the images of a batch.
///
/// Steps that work on single pixels at the end are evaluated once for all bytes; an image that is still a picture of
/// bytes then goes through that table into the batch, in one pass.
struct ImagePipeline: Sendable {
  private let first: [any ImageTransform]
  private let last: [any PointwiseTransform]

  init(_ transform: Compose) {
    let steps = transform.transforms
    let rest = steps.reversed().prefix { $0.pointwise != nil }
    first = Array(steps.dropLast(rest.count))
    last = rest.reversed().compactMap { $0.pointwise }
  }

  /// The images of a request after all steps, `[samples, channels, height, width]`.
  ///
  /// Throws what `load` throws, with the index of the sample, and a `CollationError` if the images differ in size.
  func batch(_ request: BatchRequest, load: (Int) throws -> ImageSample) throws -> Tensor {
    try batch(request, skipping: { _ in false }, load: load).images
  }

  /// The same without the samples that cannot be loaded and that `skips` accepts; `indices` are those that remain.
  ///
  /// `visit` sees each of them after the first steps, when its mask and its boxes are those of the batch. Throws what it
  /// throws, with the index, and the last sample's error if none remains.
  func batch(
    _ request: BatchRequest, skipping skips: (SampleError) -> Bool,
    load: (Int) throws -> ImageSample, visit: (Int, ImageSample) throws -> Void = { _, _ in }
  ) throws -> (images: Tensor, indices: [Int]) {
    var rest = request.indices
    var indices: [Int] = []
    /// The next image that can be loaded.
    func next() throws -> (index: Int, image: ImageSample)? {
      var skipped: SampleError?
      while let index = rest.popFirst() {
        do { return (index, try image(index, request, load)) } catch let error as SampleError {
          guard skips(error) else { throw error }
          skipped = error
        }
      }
      if indices.isEmpty, let skipped { throw skipped }
      return nil
    }
    guard let first = try next() else { return (Tensor.zeros([0, 0, 0, 0]), []) }
    let shape = [first.image.channels, first.image.height, first.image.width]
    let size = shape.reduce(1, *)
    let table = ByteTable(last, channels: first.image.channels).values
    let room = rest.count + 1
    var failure: (any Error)?
    let batch = Tensor(shape: Shape([room] + shape)) { bytes in
      let output = bytes.assumingMemoryBound(to: Float.self)
      guard let start = output.baseAddress, size > 0 else { return }
      var sample = Optional(first)
      do {
        while let (index, loaded) = sample {
          var image = loaded
          let found = [image.channels, image.height, image.width]
          guard found == shape else { throw Self.mismatch(shape, first.index, found, index) }
          let place = start + indices.count * size
          switch image.content {
          case .picture(let picture): Kernels.planes(of: picture, table: table, to: place)
          case .floats:
            // Steps on single pixels draw nothing.
            var random = request.random(forSample: index)
            for step in last { step.apply(to: &image, using: &random) }
            place.update(from: image.pixels, count: size)
          }
          do { try visit(index, loaded) } catch { throw SampleError(index: index, cause: error) }
          indices.append(index)
          sample = try next()
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return (indices.count < room ? batch[0..<indices.count] : batch, indices)
  }

  /// An image after the first steps.
  private func image(
    _ index: Int, _ request: BatchRequest, _ load: (Int) throws -> ImageSample
  ) throws -> ImageSample {
    var sample: ImageSample
    do { sample = try load(index) } catch { throw SampleError(index: index, cause: error) }
    var random = request.random(forSample: index)
    for step in first { step.apply(to: &sample, using: &random) }
    return sample
  }

  private static func mismatch(
    _ shape: [Int], _ first: Int, _ found: [Int], _ index: Int
  ) -> CollationError {
    CollationError(
      "images of a batch must have one shape, but found \(shape) for sample \(first) and \(found) for "
        + "sample \(index) after the transforms. End with a transform that crops or resizes them to "
        + "one size, and with Grayscale or ToRGB if some are gray.")
  }
}

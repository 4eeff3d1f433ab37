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
    let rest = steps.reversed().prefix { $0 is any PointwiseTransform }
    first = Array(steps.dropLast(rest.count))
    last = rest.reversed().compactMap { $0 as? any PointwiseTransform }
  }

  /// The images of a request after all steps, `[samples, channels, height, width]`.
  ///
  /// Throws what `load` throws, with the index of the sample, and a `CollationError` if the images differ in size.
  func batch(_ request: BatchRequest, load: (Int) throws -> ImageSample) throws -> Tensor {
    guard let firstIndex = request.indices.first else { return Tensor.zeros([0, 0, 0, 0]) }
    let sample = try image(firstIndex, request, load)
    let shape = [sample.channels, sample.height, sample.width]
    let size = shape.reduce(1, *)
    let table = ByteTable(last, channels: sample.channels).values
    var failure: (any Error)?
    let batch = Tensor(shape: Shape([request.indices.count] + shape)) { bytes in
      let output = bytes.assumingMemoryBound(to: Float.self)
      guard let start = output.baseAddress, size > 0 else { return }
      var random = request.random(forSample: firstIndex)
      var sample = sample
      for (place, index) in request.indices.enumerated() {
        do {
          if place > 0 { sample = try image(index, request, load) }
          let found = [sample.channels, sample.height, sample.width]
          guard found == shape else { throw Self.mismatch(shape, firstIndex, found, index) }
        } catch {
          failure = error
          return
        }
        switch sample.content {
        case .picture(let picture):
          Kernels.planes(of: picture, table: table, to: start + place * size)
        case .floats:
          for step in last { step.apply(to: &sample, using: &random) }
          (start + place * size).update(from: sample.pixels, count: size)
        }
      }
    }
    if let failure { throw failure }
    return batch
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

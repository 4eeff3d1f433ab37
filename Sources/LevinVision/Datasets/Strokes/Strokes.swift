public import LevinData
internal import LevinSystem

/// Handwritten digits that need no files and no network.
///
/// Code draws them as pen strokes with random slant, size, thickness, position and wobble: 28×28, one byte per pixel,
/// 60,000 for training and 10,000 for testing.
public struct Strokes: Dataset {
  /// The images and their labels.
  public let images: ByteImages

  /// Draws the digits; every image depends only on the seed, the set (training or test) and its index.
  ///
  /// - Parameter count: The number of digits; nil for as many as MNIST has.
  public init(train: Bool, transform: Compose, count: Int? = nil, seed: UInt64 = 0) {
    let count = count ?? (train ? 60000 : 10000)
    let size = StrokeWriter.side * StrokeWriter.side
    guard count >= 0, let byteCount = checkedProduct([count, size]) else {
      fail("Strokes", "\(count) digits", expected: "0 to \(Int.max / size)")
    }
    var labels = [UInt8](repeating: 0, count: count)
    let pixels = [UInt8](largeCapacity: byteCount) { pixels, filled in
      labels.withUnsafeMutableBufferPointer { labels in
        guard let pixels = pixels.baseAddress, let labels = labels.baseAddress else { return }
        let output = Output(pixels: pixels, labels: labels)
        Kernels.parallelFor(count, grain: 256) { range in
          for index in range {
            // Training and test images never use the same random numbers.
            var random = SampleGenerator(seed: seed, sample: train ? index : ~index)
            let label = Int(random.next() % 10)
            output.labels[index] = UInt8(label)
            var writer = StrokeWriter(random: random)
            writer.draw(label, to: output.pixels + index * size)
          }
        }
      }
      filled = byteCount
    }
    images = ByteImages(
      pixels: pixels, labels: labels, height: StrokeWriter.side, width: StrokeWriter.side,
      transform: transform)
  }

  /// Identifies the content; see ``Dataset/fingerprint``.
  public var fingerprint: String? { images.fingerprint }

  /// The destination of the images.
  ///
  /// `@unchecked Sendable`: every thread writes only the images of its own range.
  private struct Output: @unchecked Sendable {
    let pixels: UnsafeMutablePointer<UInt8>
    let labels: UnsafeMutablePointer<UInt8>
  }

  /// The number of samples.
  public var count: Int { images.count }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> LabeledImages {
    try images.batch(at: indices)
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> LabeledImages {
    try images.batch(request)
  }
}

extension Strokes: CustomStringConvertible {
  /// The name, and the number and size of the images.
  public var description: String { "Strokes: \(images)" }
}

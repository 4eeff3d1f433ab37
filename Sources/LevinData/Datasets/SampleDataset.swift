/// Numbered samples, fetched one at a time (torch's map-style `Dataset`).
///
/// ``DataLoader`` makes a batch of some samples: by their type (``Collatable``), or by a function of one's own.
///
///     struct Squares: SampleDataset {
///       let count = 100
///       func sample(at index: Int) -> (Float, Float) {
///         (Float(index), Float(index * index))
///       }
///     }
///     let loader = DataLoader(Collated(Squares()), batchSize: 8)
///
/// A dataset is `Sendable` because a loader with workers fetches from several threads at the same time.
public protocol SampleDataset<Sample>: Sendable {
  /// The type of a sample, for example `(Tensor, Int)`.
  associatedtype Sample
  /// The number of samples.
  var count: Int { get }
  /// The sample at `index`, one of 0..<count.
  func sample(at index: Int) throws -> Sample
  /// The sample at `index`, with random augmentation that draws from `random` alone.
  ///
  /// The default calls ``sample(at:)``.
  func sample(at index: Int, using random: inout SampleGenerator) throws -> Sample
  /// A short text that identifies the content, such as a checksum; nil, the default, if the dataset has none.
  var fingerprint: String? { get }
}

extension SampleDataset {
  /// nil; see ``SampleDataset/fingerprint``.
  public var fingerprint: String? { nil }

  /// The sample at `index`.
  public func sample(at index: Int, using random: inout SampleGenerator) throws -> Sample {
    try sample(at: index)
  }
}

/// Samples in an array.
public struct SampleArray<Sample: Sendable>: SampleDataset {
  /// The samples.
  public let samples: [Sample]
  /// Creates a dataset of these samples.
  public init(_ samples: [Sample]) { self.samples = samples }
  /// The number of samples.
  public var count: Int { samples.count }
  /// The sample at `index`.
  public func sample(at index: Int) -> Sample { samples[index] }
}

/// A sample that could not be fetched.
public struct SampleError: Error, CustomStringConvertible {
  /// The index of the sample in its dataset.
  public let index: Int
  /// What the dataset threw.
  public let cause: any Error

  /// Creates the error of a sample.
  public init(index: Int, cause: any Error) {
    self.index = index
    self.cause = cause
  }

  /// The index, and what is wrong.
  public var description: String { "sample \(index): \(cause)" }
}

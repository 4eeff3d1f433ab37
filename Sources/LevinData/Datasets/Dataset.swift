/// Numbered samples that are fetched a batch at a time.
///
/// Fetching whole batches lets data in memory become a batch in one pass, without a tensor for each
/// sample. A dataset is `Sendable` because a loader with workers fetches from several threads at
/// once.
public protocol Dataset<Batch>: Sendable {
  /// What a fetch gives, for example `(Tensor, Tensor)`.
  associatedtype Batch
  /// The number of samples.
  var count: Int { get }
  /// The samples at `indices`, in that order, as one batch.
  func batch(at indices: ArraySlice<Int>) throws -> Batch
  /// The samples that a loader asks for.
  ///
  /// Datasets that change their samples at random implement this: what they draw depends on the
  /// request's seed and the sample's index alone (``SampleGenerator``), so that it is the same with
  /// any number of workers. Others leave it to the default, ``batch(at:)``.
  func batch(_ request: BatchRequest) throws -> Batch
  /// A short name of the content, such as a checksum, that tells one run's data from another's; nil
  /// where the dataset has none, which is the default.
  var fingerprint: String? { get }
}

extension Dataset {
  /// A short name of the content; see ``Dataset/fingerprint``.
  public var fingerprint: String? { nil }

  /// The samples that a loader asks for.
  public func batch(_ request: BatchRequest) throws -> Batch {
    try batch(at: request.indices)
  }
}

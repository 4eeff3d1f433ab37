/// Numbered samples, fetched one batch at a time.
///
/// Data in memory thus becomes a batch in one step, without a tensor for each sample. A dataset is `Sendable` because
/// a loader with workers fetches from several threads at the same time.
public protocol Dataset<Batch>: Sendable {
  /// The type of a batch, for example `(Tensor, Tensor)`.
  associatedtype Batch
  /// The number of samples.
  var count: Int { get }
  /// The samples at `indices`, in that order, as one batch.
  func batch(at indices: ArraySlice<Int>) throws -> Batch
  /// The batch that a loader requests.
  ///
  /// Datasets with random augmentation implement this: their random numbers depend only on the request's seed and the
  /// sample's index (``SampleGenerator``), so they are the same with any number of workers. The default calls
  /// ``batch(at:)``.
  func batch(_ request: BatchRequest) throws -> Batch
  /// A short text that identifies the content, such as a checksum; nil, the default, if the
  /// dataset has none.
  var fingerprint: String? { get }
}

extension Dataset {
  /// nil; see ``Dataset/fingerprint``.
  public var fingerprint: String? { nil }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> Batch {
    try batch(at: request.indices)
  }
}

/// Numbered samples that are fetched a batch at a time.
///
/// Fetching whole batches lets data in memory become a batch in one pass, without a tensor for each
/// sample. A dataset is `Sendable` because a loader with workers fetches from several threads at once.
public protocol Dataset<Batch>: Sendable {
  /// What a fetch gives, for example `(Tensor, Tensor)`.
  associatedtype Batch
  /// The number of samples.
  var count: Int { get }
  /// The samples at `indices`, in that order, as one batch.
  func batch(at indices: ArraySlice<Int>) throws -> Batch
  /// The samples at `indices`, changed at random as a dataset that augments its samples does.
  ///
  /// What is drawn depends on `seed`, which is another one in every pass of a loader, and on the
  /// sample's index alone (``SampleGenerator``), so that it is the same with any number of workers.
  /// Datasets without random changes leave this to the default, ``batch(at:)``.
  func batch(at indices: ArraySlice<Int>, seed: UInt64) throws -> Batch
}

extension Dataset {
  public func batch(at indices: ArraySlice<Int>, seed: UInt64) throws -> Batch {
    try batch(at: indices)
  }
}

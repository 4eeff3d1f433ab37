/// Samples in an array, put together into batches by a closure.
public struct ArrayDataset<Sample: Sendable, Batch>: Dataset {
  /// The samples.
  public let samples: [Sample]
  private let collate: @Sendable ([Sample]) throws -> Batch

  /// - Parameter collate: Makes a batch of some samples; called from several threads at once when a
  ///   loader has workers.
  public init(_ samples: [Sample], collate: @escaping @Sendable ([Sample]) throws -> Batch) {
    self.samples = samples
    self.collate = collate
  }

  /// The number of samples.
  public var count: Int { samples.count }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> Batch {
    try collate(indices.map { samples[$0] })
  }
}

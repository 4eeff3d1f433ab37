/// Samples in an array, combined into batches by a closure.
public struct ArrayDataset<Sample: Sendable, Batch>: Dataset {
  /// The samples.
  public let samples: [Sample]
  private let collate: @Sendable ([Sample]) throws -> Batch

  /// - Parameter collate: Makes a batch of some samples; a loader with workers calls it from several threads at the
  ///   same time.
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

internal import LevinSystem

/// A dataset of single samples as one of batches, for ``DataLoader``, ``Subset`` and ``randomSplit(_:_:generator:)``.
///
/// `@unchecked Sendable`: the closure captures a dataset and a function that are `Sendable`, or types, whose static
/// functions any thread may call.
public struct Collated<Batch>: Dataset, @unchecked Sendable {
  /// The number of samples.
  public let count: Int
  /// The fingerprint of the samples.
  public let fingerprint: String?
  private let fetch: (BatchRequest) throws -> Batch

  /// - Parameter collate: Makes a batch of some samples, at least one; a loader with workers calls it from several
  ///   threads at the same time.
  public init<Samples: SampleDataset>(
    _ samples: Samples, collate: @escaping @Sendable ([Samples.Sample]) throws -> Batch
  ) {
    self.init(of: samples, collate)
  }

  private init<Samples: SampleDataset>(
    of samples: Samples, _ collate: @escaping ([Samples.Sample]) throws -> Batch
  ) {
    count = samples.count
    fingerprint = samples.fingerprint
    fetch = { request in
      try collate(
        request.indices.map { index in
          do {
            var random = request.random(forSample: index)
            return try samples.sample(at: index, using: &random)
          } catch {
            throw SampleError(index: index, cause: error)
          }
        })
    }
  }

  /// Batches by the type of the samples.
  public init<Samples: SampleDataset>(_ samples: Samples)
  where Samples.Sample: Collatable, Batch == Samples.Sample.Batch {
    self.init(of: samples) { try Samples.Sample.collate($0) }
  }

  /// Batches of pairs: a batch of the first parts and one of the second.
  public init<Samples: SampleDataset, A: Collatable, B: Collatable>(_ samples: Samples)
  where Samples.Sample == (A, B), Batch == (A.Batch, B.Batch) {
    self.init(of: samples) { pairs in
      (try A.collate(pairs.map(\.0)), try B.collate(pairs.map(\.1)))
    }
  }

  /// Batches of triples: a batch of the first parts, one of the second and one of the third.
  public init<Samples: SampleDataset, A: Collatable, B: Collatable, C: Collatable>(
    _ samples: Samples
  ) where Samples.Sample == (A, B, C), Batch == (A.Batch, B.Batch, C.Batch) {
    self.init(of: samples) { triples in
      (
        try A.collate(triples.map(\.0)), try B.collate(triples.map(\.1)),
        try C.collate(triples.map(\.2))
      )
    }
  }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> Batch {
    try batch(BatchRequest(indices))
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> Batch {
    for index in request.indices where index < 0 || index >= count {
      fail("Collated", "sample \(index)", expected: "one of 0..<\(count)")
    }
    return try fetch(request)
  }
}

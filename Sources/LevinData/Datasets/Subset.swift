internal import LevinSystem

/// Some samples of another dataset.
public struct Subset<Batch>: Dataset {
  /// The dataset that the samples come from.
  ///
  /// It is never a subset itself: a subset of a subset refers to the samples of the innermost dataset, so a fetch
  /// takes one pass at any depth of nesting.
  public let dataset: any Dataset<Batch>
  /// The index in ``dataset`` of sample `i` of the subset.
  public let indices: [Int]

  /// Creates a subset of `dataset` with the samples at `indices`; traps if there is no such sample.
  public init(_ dataset: any Dataset<Batch>, indices: [Int]) {
    let count = dataset.count
    if let wrong = indices.first(where: { $0 < 0 || $0 >= count }) {
      fail("Subset", "index \(wrong)", expected: "one of 0..<\(count), the dataset's samples")
    }
    if let subset = dataset as? Subset<Batch> {
      self.dataset = subset.dataset
      self.indices = indices.map { subset.indices[$0] }
    } else {
      self.dataset = dataset
      self.indices = indices
    }
  }

  /// The number of samples.
  public var count: Int { indices.count }
  /// The fingerprint of ``dataset``.
  public var fingerprint: String? { dataset.fingerprint }

  /// The samples at `positions` of the subset, in that order, as one batch.
  public func batch(at positions: ArraySlice<Int>) throws -> Batch {
    try dataset.batch(at: ArraySlice(positions.map { indices[$0] }))
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> Batch {
    let places = ArraySlice(request.indices.map { indices[$0] })
    return try dataset.batch(BatchRequest(places, seed: request.seed, draws: request.draws))
  }
}

public import LevinTensor

/// Some samples of another dataset.
public struct Subset<Batch>: Dataset {
  /// The dataset that the samples come from.
  public let dataset: any Dataset<Batch>
  /// Where sample `i` of the subset stands in ``dataset``.
  public let indices: [Int]
  public init(_ dataset: any Dataset<Batch>, indices: [Int]) {
    self.dataset = dataset
    self.indices = indices
  }
  public var count: Int { indices.count }
  public func batch(at positions: ArraySlice<Int>) throws -> Batch {
    try dataset.batch(at: ArraySlice(positions.map { indices[$0] }))
  }
}

/// Splits a dataset into random parts of the given sizes, index for index as `torch.utils.data.random_split`.
public func randomSplit<Batch>(
  _ dataset: any Dataset<Batch>, _ sizes: [Int], generator: Generator? = nil
) -> [Subset<Batch>] { fatalError("skeleton") }

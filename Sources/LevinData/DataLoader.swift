public import LevinTensor

/// Batches of a dataset, in order or shuffled. Each `makeIterator()` is one pass, and draws from the default
/// generator just what PyTorch's loader draws.
public final class DataLoader<Batch>: Sequence {
  /// Where the samples come from.
  public let dataset: any Dataset<Batch>
  /// Samples in a batch; the last one may hold fewer.
  public let batchSize: Int
  /// Whether every pass has a new order.
  public let shuffle: Bool
  /// Threads that decode ahead; 0 decodes in the step.
  public let workerCount: Int
  /// Whether a short last batch is left out.
  public let dropLast: Bool

  public init(
    _ dataset: any Dataset<Batch>, batchSize: Int = 1, shuffle: Bool = false, workerCount: Int = 0,
    dropLast: Bool = false, generator: Generator? = nil
  ) {
    self.dataset = dataset
    self.batchSize = batchSize
    self.shuffle = shuffle
    self.workerCount = workerCount
    self.dropLast = dropLast
  }

  /// The number of batches in a pass.
  public var count: Int {
    dropLast ? dataset.count / batchSize : (dataset.count + batchSize - 1) / batchSize
  }
  /// The number of samples in batch `index` of a pass.
  public func sampleCount(ofBatch index: Int) -> Int {
    Swift.min(batchSize, dataset.count - index * batchSize)
  }

  public func makeIterator() -> Iterator { Iterator() }

  /// One pass over the batches.
  public final class Iterator: IteratorProtocol {
    /// The next batch; nil after the last, and after an error, which ``failure`` then holds.
    public func next() -> Batch? { fatalError("skeleton") }
    /// What the dataset threw, if it did.
    public private(set) var failure: (any Error)?
  }
}

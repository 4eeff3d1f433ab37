internal import LevinSystem
public import LevinTensor

/// Batches of a dataset, in order or shuffled.
///
/// Each `makeIterator()` is one pass, and draws from the default generator (or from the loader's
/// own) exactly what PyTorch's loader draws, so that the same seed gives the same batches.
public final class DataLoader<Batch>: BatchLoader<Batch>, Sequence {
  /// The dataset that the samples come from.
  public let dataset: any Dataset<Batch>
  /// The number of samples in a batch; the last batch may have fewer.
  public let batchSize: Int
  /// Whether every pass is in a new random order.
  public let shuffle: Bool
  /// The number of threads that fetch ahead; with 0, batches are fetched within the step.
  public let workerCount: Int
  /// Whether a short last batch is left out.
  public let dropLast: Bool
  /// The generator of the random order; nil for the default one.
  public let generator: LevinTensor.Generator?

  /// The dataset below all subsets.
  let source: any Dataset<Batch>
  /// The indices of the samples in ``source``, in the order of the dataset.
  let sourceIndices: [Int]

  /// - Parameters:
  ///   - batchSize: At least 1; traps otherwise.
  ///   - workerCount: At least 0; traps otherwise. Data in memory is fetched faster than a thread could hand it over;
  ///     use workers for samples that take longer to decode than a training step.
  public init(
    _ dataset: any Dataset<Batch>, batchSize: Int = 1, shuffle: Bool = false, workerCount: Int = 0,
    dropLast: Bool = false, generator: LevinTensor.Generator? = nil
  ) {
    guard batchSize > 0 else {
      fail("DataLoader", "batch size \(batchSize)", expected: "at least 1")
    }
    guard workerCount >= 0 else {
      fail("DataLoader", "\(workerCount) workers", expected: "at least 0")
    }
    self.dataset = dataset
    self.batchSize = batchSize
    self.shuffle = shuffle
    self.workerCount = workerCount
    self.dropLast = dropLast
    self.generator = generator
    if let subset = dataset as? Subset<Batch> {
      source = subset.dataset
      sourceIndices = subset.indices
    } else {
      source = dataset
      sourceIndices = Array(0..<dataset.count)
    }
  }

  /// The number of samples in a pass without ``dropLast``.
  public var sampleCount: Int { sourceIndices.count }

  /// The number of batches in a pass.
  public var count: Int {
    let (whole, rest) = sampleCount.quotientAndRemainder(dividingBy: batchSize)
    return dropLast || rest == 0 ? whole : whole + 1
  }

  public override var batchCount: Int? { count }

  /// The number of batches, as a hint for arrays.
  public var underestimatedCount: Int { count }

  /// The number of samples in batch `index`, 0…count-1, of a pass.
  public override func sampleCount(ofBatch index: Int) -> Int? { size(ofBatch: index) }

  func size(ofBatch index: Int) -> Int { Swift.min(batchSize, sampleCount - index * batchSize) }

  /// Begins a pass.
  public func makeIterator() -> Iterator { Iterator(self, position: nil) }

  public override func makeBatches(
    resumingAt position: LoaderPosition? = nil
  ) -> BatchIterator<Batch> { Iterator(self, position: position) }

  public override var shuffles: Bool { shuffle }
  public override var inOrder: BatchLoader<Batch> {
    DataLoader(
      dataset, batchSize: batchSize, shuffle: false, workerCount: workerCount, dropLast: dropLast,
      generator: generator)
  }
  public override var generators: [LevinTensor.Generator] { generator.map { [$0] } ?? [] }
  public override var fingerprint: String? { dataset.fingerprint }

  /// Resumes a pass at a position taken from ``Iterator/position``, with the same samples in the same order.
  ///
  /// The loader's own generator, if it has one, is set back to the state that it had in that pass.
  public func makeIterator(resumingAt position: LoaderPosition) -> Iterator {
    Iterator(self, position: position)
  }
}

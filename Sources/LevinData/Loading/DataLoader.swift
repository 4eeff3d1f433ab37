internal import LevinSystem
public import LevinTensor

/// Batches of a dataset, in order, shuffled, or as a sampler says.
///
/// Each `makeIterator()` is one pass, and draws from the default generator (or from the loader's
/// own) exactly what PyTorch's loader draws, so that the same seed gives the same batches.
public final class DataLoader<Batch>: BatchLoader<Batch>, Sequence {
  /// The dataset that the samples come from.
  public let dataset: any Dataset<Batch>
  /// The number of samples in a batch; the last batch may have fewer.
  ///
  /// 1 if ``batchSampler`` decides.
  public let batchSize: Int
  /// The number of threads that fetch ahead; with 0, batches are fetched within the step.
  public let workerCount: Int
  /// The greatest number of batches per worker that are fetched ahead.
  public let prefetchFactor: Int
  /// Whether the workers wait for the next pass when one has ended.
  public let persistentWorkers: Bool
  /// Whether a short last batch is left out.
  public let dropLast: Bool
  /// The order of the samples; nil if ``batchSampler`` decides.
  public let sampler: (any Sampler<Int>)?
  /// The samples of each batch; nil if they are ``batchSize`` samples of ``sampler``.
  public let batchSampler: (any Sampler<[Int]>)?
  /// Where random augmentation draws from.
  public let draws: RandomDraws

  /// The dataset below all subsets.
  let source: any Dataset<Batch>
  /// The indices of the samples in ``source``, in the order of the dataset; nil for all in order.
  let sourceIndices: [Int]?
  /// The threads of persistent workers, once there was a pass.
  var pool: WorkerPool?
  /// The generator of ``shuffle``, from which a pass's seed is drawn, too; nil for the default one.
  public let generator: LevinTensor.Generator?

  /// - Parameters:
  ///   - batchSize: At least 1; traps otherwise.
  ///   - shuffle: Whether every pass is in a new random order (``RandomSampler``).
  ///   - workerCount: At least 0; traps otherwise. Data in memory is fetched faster than a thread could hand it over;
  ///     use workers for samples that take longer to decode than a training step.
  ///   - prefetchFactor: The greatest number of batches per worker that are fetched ahead, at least 1.
  ///   - persistentWorkers: Whether the workers wait for the next pass when one has ended, which saves the start
  ///     of threads in short passes.
  ///   - draws: Where random augmentation draws from; ``RandomDraws/torch`` traps with workers.
  public convenience init(
    _ dataset: any Dataset<Batch>, batchSize: Int = 1, shuffle: Bool = false, workerCount: Int = 0,
    dropLast: Bool = false, generator: LevinTensor.Generator? = nil, prefetchFactor: Int = 2,
    persistentWorkers: Bool = false, draws: RandomDraws = .perSample
  ) {
    let count = dataset.count
    self.init(
      dataset, batchSize: batchSize,
      sampler: shuffle
        ? RandomSampler(sampleCount: count, generator: generator) : SequentialSampler(count: count),
      batchSampler: nil, workerCount: workerCount, dropLast: dropLast, generator: generator,
      prefetchFactor: prefetchFactor, persistentWorkers: persistentWorkers, draws: draws)
  }

  /// A loader whose samples are in the order of a sampler.
  ///
  /// - Parameter sampler: Its indices must be samples of the dataset.
  public convenience init(
    _ dataset: any Dataset<Batch>, batchSize: Int = 1, sampler: any Sampler<Int>,
    workerCount: Int = 0, dropLast: Bool = false, generator: LevinTensor.Generator? = nil,
    prefetchFactor: Int = 2, persistentWorkers: Bool = false, draws: RandomDraws = .perSample
  ) {
    self.init(
      dataset, batchSize: batchSize, sampler: sampler, batchSampler: nil, workerCount: workerCount,
      dropLast: dropLast, generator: generator, prefetchFactor: prefetchFactor,
      persistentWorkers: persistentWorkers, draws: draws)
  }

  /// A loader whose batches are those of a sampler, of any sizes.
  ///
  /// - Parameter batchSampler: Its indices must be samples of the dataset.
  public convenience init(
    _ dataset: any Dataset<Batch>, batchSampler: any Sampler<[Int]>, workerCount: Int = 0,
    generator: LevinTensor.Generator? = nil, prefetchFactor: Int = 2,
    persistentWorkers: Bool = false, draws: RandomDraws = .perSample
  ) {
    self.init(
      dataset, batchSize: 1, sampler: nil, batchSampler: batchSampler, workerCount: workerCount,
      dropLast: false, generator: generator, prefetchFactor: prefetchFactor,
      persistentWorkers: persistentWorkers, draws: draws)
  }

  private init(
    _ dataset: any Dataset<Batch>, batchSize: Int, sampler: (any Sampler<Int>)?,
    batchSampler: (any Sampler<[Int]>)?, workerCount: Int, dropLast: Bool,
    generator: LevinTensor.Generator?, prefetchFactor: Int, persistentWorkers: Bool,
    draws: RandomDraws
  ) {
    guard batchSize > 0 else {
      fail("DataLoader", "batch size \(batchSize)", expected: "at least 1")
    }
    guard workerCount >= 0 else {
      fail("DataLoader", "\(workerCount) workers", expected: "at least 0")
    }
    guard prefetchFactor > 0 else {
      fail("DataLoader", "a prefetch factor of \(prefetchFactor)", expected: "at least 1")
    }
    guard draws == .perSample || workerCount == 0 else {
      fail(
        "DataLoader", "draws: .torch with \(workerCount) workers", expected: "no workers",
        hint: "torch's stream is that of one thread; .perSample is the same with any number")
    }
    self.dataset = dataset
    self.batchSize = batchSize
    self.sampler = sampler
    self.batchSampler = batchSampler
    self.workerCount = workerCount
    self.dropLast = dropLast
    self.generator = generator
    self.prefetchFactor = prefetchFactor
    self.persistentWorkers = persistentWorkers
    self.draws = draws
    if let subset = dataset as? Subset<Batch> {
      source = subset.dataset
      sourceIndices = subset.indices
    } else {
      source = dataset
      sourceIndices = nil
    }
  }

  /// The number of samples in a pass without ``dropLast``.
  ///
  /// With a sampler of batches this is the number of samples in the dataset.
  public var sampleCount: Int { sampler?.count ?? dataset.count }

  /// The number of batches in a pass.
  public var count: Int {
    if let batchSampler { return batchSampler.count }
    let (whole, rest) = sampleCount.quotientAndRemainder(dividingBy: batchSize)
    return dropLast || rest == 0 ? whole : whole + 1
  }

  public override var batchCount: Int? { count }

  /// The number of batches, as a hint for arrays.
  public var underestimatedCount: Int { count }

  /// The number of samples in batch `index`, 0…count-1, of a pass; nil if ``batchSampler`` decides.
  public override func sampleCount(ofBatch index: Int) -> Int? {
    batchSampler == nil ? Swift.min(batchSize, sampleCount - index * batchSize) : nil
  }

  /// Begins a pass.
  public func makeIterator() -> Iterator { Iterator(self, position: nil) }

  public override func makeBatches(
    resumingAt position: LoaderPosition? = nil
  ) -> BatchIterator<Batch> { Iterator(self, position: position) }

  /// Whether every pass is in a new order.
  public override var shuffles: Bool { sampler?.shuffles ?? batchSampler?.shuffles ?? false }
  /// The dataset in order, with the same batch size and workers.
  public override var inOrder: BatchLoader<Batch> {
    DataLoader(
      dataset, batchSize: batchSize, workerCount: workerCount, dropLast: dropLast,
      generator: generator, prefetchFactor: prefetchFactor, persistentWorkers: persistentWorkers,
      draws: draws)
  }
  public override var generators: [LevinTensor.Generator] {
    let all = [generator, sampler?.generator, batchSampler?.generator].compactMap { $0 }
    return all.enumerated().filter { place, one in
      !all[..<place].contains { $0 === one }
    }.map(\.element)
  }
  public override var fingerprint: String? { dataset.fingerprint }

  /// Announces the epoch of the next pass to the sampler.
  public override func setEpoch(_ epoch: Int) {
    sampler?.setEpoch(epoch)
    batchSampler?.setEpoch(epoch)
  }

  /// Resumes a pass at a position taken from ``Iterator/position``, with the same samples in the same order.
  ///
  /// The loader's own generator, if it has one, is set back to the state that it had in that pass.
  public func makeIterator(resumingAt position: LoaderPosition) -> Iterator {
    Iterator(self, position: position)
  }
}

internal import LevinSystem

/// Batches of an ``IterableDataset``.
///
/// To resume in the middle of a pass, the samples that were already used are read again and dropped.
public final class IterableLoader<Batch>: BatchLoader<Batch> {
  /// The number of samples in a batch; the last batch may have fewer.
  public let batchSize: Int
  /// Whether a short last batch is left out.
  public let dropLast: Bool
  private let begin: () throws -> (_ skipping: Int) throws -> Batch?

  /// - Parameters:
  ///   - batchSize: At least 1; traps otherwise.
  ///   - collate: Makes a batch of some samples, at least one.
  public init<Sample>(
    _ dataset: any IterableDataset<Sample>, batchSize: Int = 1, dropLast: Bool = false,
    collate: @escaping ([Sample]) throws -> Batch
  ) {
    guard batchSize > 0 else {
      fail("IterableLoader", "batch size \(batchSize)", expected: "at least 1")
    }
    self.batchSize = batchSize
    self.dropLast = dropLast
    begin = {
      let next = try dataset.makeSamples()
      return { skipped in
        for _ in 0..<skipped where try next() == nil { return nil }
        var samples: [Sample] = []
        while samples.count < batchSize, let sample = try next() { samples.append(sample) }
        guard !samples.isEmpty, !dropLast || samples.count == batchSize else { return nil }
        return try collate(samples)
      }
    }
  }

  /// Batches by the type of the samples.
  public convenience init<Sample: Collatable>(
    _ dataset: any IterableDataset<Sample>, batchSize: Int = 1, dropLast: Bool = false
  ) where Batch == Sample.Batch {
    self.init(dataset, batchSize: batchSize, dropLast: dropLast) { try Sample.collate($0) }
  }

  /// Batches of pairs: a batch of the first parts and one of the second.
  public convenience init<A: Collatable, B: Collatable>(
    _ dataset: any IterableDataset<(A, B)>, batchSize: Int = 1, dropLast: Bool = false
  ) where Batch == (A.Batch, B.Batch) {
    self.init(dataset, batchSize: batchSize, dropLast: dropLast) { pairs in
      (try A.collate(pairs.map(\.0)), try B.collate(pairs.map(\.1)))
    }
  }

  public override func makeBatches(
    resumingAt position: LoaderPosition? = nil
  ) -> BatchIterator<Batch> {
    IterablePass(begin, done: position?.batchIndex ?? 0, batchSize: batchSize)
  }
}

private final class IterablePass<Batch>: BatchIterator<Batch> {
  private let begin: () throws -> (_ skipping: Int) throws -> Batch?
  private var next: ((_ skipping: Int) throws -> Batch?)?
  private let batchSize: Int
  private var done: Int

  init(
    _ begin: @escaping () throws -> (_ skipping: Int) throws -> Batch?, done: Int, batchSize: Int
  ) {
    self.begin = begin
    self.done = done
    self.batchSize = batchSize
  }

  override var position: LoaderPosition {
    LoaderPosition(batchIndex: done, batchSize: batchSize, baseSeed: 0)
  }

  override func nextBatch() throws -> Batch? {
    let skipped = next == nil ? done * batchSize : 0
    let next = try next ?? begin()
    self.next = next
    guard let batch = try next(skipped) else {
      stop()
      return nil
    }
    done += 1
    return batch
  }

  override func stop() { next = { _ in nil } }
}

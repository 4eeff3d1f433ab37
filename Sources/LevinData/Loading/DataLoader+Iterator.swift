internal import LevinSystem
internal import LevinTensor

extension DataLoader {
  /// One pass over the batches.
  ///
  /// With workers, threads run from the start of the pass until its end, the first error,
  /// ``stop()`` or the iterator's deinitialization, whichever comes first.
  public final class Iterator: BatchIterator<Batch>, IteratorProtocol {
    private let loader: DataLoader
    private var prefetcher: Prefetcher<Batch>?
    /// The samples of the whole pass, as indices in the loader's source; nil before the first batch.
    private var plan: LoaderPlan?
    private var isStopped = false

    /// The position in the pass.
    public override var position: LoaderPosition { current }
    private var current: LoaderPosition
    /// What the dataset threw, if ``next()`` returned nil because of that.
    public private(set) var failure: (any Error)?

    init(_ loader: DataLoader, position: LoaderPosition?) {
      self.loader = loader
      current =
        position
        ?? LoaderPosition(batchIndex: 0, baseSeed: Self.drawSeed(loader.generator), order: nil)
      current.batchSize = loader.batchSampler == nil ? loader.batchSize : nil
      super.init()
      // PyTorch draws the order with the first batch, or immediately if there are workers.
      if loader.workerCount > 0 { failure = startWorkers() }
    }

    deinit { stop() }

    /// The next batch; nil after the last, and after an error, which is then in ``failure``.
    public func next() -> Batch? {
      guard failure == nil else { return nil }
      do {
        return try nextBatch()
      } catch {
        failure = error
        return nil
      }
    }

    /// The next batch; nil after the last.
    ///
    /// Throws what the dataset threw, and throws it again on every later call.
    public override func nextBatch() throws -> Batch? {
      if let failure { throw failure }
      guard !isStopped, position.batchIndex < loader.count else {
        stop()
        return nil
      }
      do {
        let batch =
          if let prefetcher { try prefetcher.next() } else {
            try loader.source.batch(
              drawnPlan().request(
                position.batchIndex, seed: position.baseSeed, draws: loader.draws))
          }
        current.batchIndex += 1
        if position.batchIndex == loader.count { finish() }
        return batch
      } catch {
        failure = error
        stop()
        throw error
      }
    }

    /// Ends the pass and its threads early.
    ///
    /// Waits for the fetches in progress.
    public override func stop() {
      isStopped = true
      prefetcher?.stop()
      prefetcher = nil
    }

    /// Called when the last batch has been handed out.
    private func finish() {
      stop()
      // PyTorch's sampler may draw more than it uses; that changes the state of a generator that outlives the pass.
      guard case .generator = position.order else { return }
      loader.sampler?.finish(drawingFrom: loader.sampler?.generator ?? .default)
      loader.batchSampler?.finish(drawingFrom: loader.batchSampler?.generator ?? .default)
    }

    private func drawnPlan() throws -> LoaderPlan {
      if let plan { return plan }
      let drawn: LoaderPlan
      (drawn, current.order) = try loader.drawPlan(like: position.order)
      plan = drawn
      return drawn
    }

    private func startWorkers() -> (any Error)? {
      do {
        let (plan, source, draws) = (try drawnPlan(), loader.source, loader.draws)
        let (count, seed) = (loader.count, position.baseSeed)
        let batches = position.batchIndex..<Swift.max(count, position.batchIndex)
        guard !batches.isEmpty else { return nil }
        prefetcher = Prefetcher(
          batches: batches,
          pool: try loader.workers(atMost: loader.persistentWorkers ? count : batches.count),
          depth: loader.prefetchFactor
        ) { index in
          try source.batch(plan.request(index, seed: seed, draws: draws))
        }
        return nil
      } catch {
        return error
      }
    }

    /// Draws what `torch.empty((), dtype=torch.int64).random_(generator=generator)` draws.
    fileprivate static func drawSeed(_ generator: LevinTensor.Generator?) -> UInt64 {
      (generator ?? .default).random64() & UInt64(Int64.max)
    }
  }

  /// The threads for a pass: those of the last pass if they are free and persistent, otherwise new ones.
  fileprivate func workers(atMost count: Int) throws -> WorkerPool {
    if let pool, pool.isIdle { return pool }
    let new = try WorkerPool(count: Swift.min(workerCount, count))
    if persistentWorkers, pool == nil { pool = new }
    return new
  }

  /// The order of a pass, a new one or that of `known`, and how to reproduce it.
  fileprivate func drawPlan(
    like known: LoaderPosition.Order?
  ) throws -> (LoaderPlan, LoaderPosition.Order) {
    let own = sampler?.generator ?? batchSampler?.generator
    let startsAnew = sampler?.drawsFromNewGenerator ?? batchSampler?.drawsFromNewGenerator ?? false
    let origin: LoaderPosition.Order
    let drawn: LevinTensor.Generator
    switch known {
    case .sequential?: (origin, drawn) = (.sequential, LevinTensor.Generator(seed: 0))
    case nil where !shuffles: (origin, drawn) = (.sequential, LevinTensor.Generator(seed: 0))
    case .generator(let state)?:
      drawn = own ?? LevinTensor.Generator(seed: 0)
      try drawn.restore(state)
      origin = .generator(state: state)
    case .seed(let seed)?: (origin, drawn) = (.seed(seed), LevinTensor.Generator(seed: seed))
    case nil where startsAnew:
      let seed = Iterator.drawSeed(nil)
      (origin, drawn) = (.seed(seed), LevinTensor.Generator(seed: seed))
    case nil:
      drawn = own ?? .default
      origin = .generator(state: drawn.state)
    }
    return (plan(drawingFrom: drawn), origin)
  }

  private func plan(drawingFrom generator: LevinTensor.Generator) -> LoaderPlan {
    if let batchSampler {
      let batches = batchSampler.order(drawingFrom: generator)
      var bounds = [0]
      for batch in batches { bounds.append(bounds[bounds.count - 1] + batch.count) }
      return LoaderPlan(order: checked(batches.flatMap { $0 }), bounds: bounds)
    }
    let order = sampler?.order(drawingFrom: generator) ?? []
    return LoaderPlan(order: checked(order), batchSize: batchSize)
  }

  /// The samples that a sampler chose, as indices in ``source``.
  private func checked(_ order: [Int]) -> [Int] {
    let count = dataset.count
    if let wrong = order.first(where: { $0 < 0 || $0 >= count }) {
      fail(
        "DataLoader", "sample \(wrong) drawn by the sampler",
        expected: "one of 0..<\(count), the dataset's samples")
    }
    guard let sourceIndices else { return order }
    return order.map { sourceIndices[$0] }
  }
}

/// The samples of a pass, batch by batch.
struct LoaderPlan: Sendable {
  /// All samples, in order.
  let order: [Int]
  /// Where each batch begins and the last one ends; nil if all but the last have one size.
  let bounds: [Int]?
  let batchSize: Int

  init(order: [Int], bounds: [Int]) {
    (self.order, self.bounds, batchSize) = (order, bounds, 1)
  }

  init(order: [Int], batchSize: Int) {
    (self.order, bounds, self.batchSize) = (order, nil, batchSize)
  }

  func request(_ index: Int, seed: UInt64, draws: RandomDraws) -> BatchRequest {
    let start = bounds?[index] ?? index * batchSize
    let end = bounds?[index + 1] ?? start + Swift.min(batchSize, order.count - start)
    return BatchRequest(order: order, range: start..<end, seed: seed, draws: draws)
  }
}

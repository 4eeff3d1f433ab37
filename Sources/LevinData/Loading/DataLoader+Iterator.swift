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
    private var order: [Int]?
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
      current.batchSize = loader.batchSize
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
            try loader.fetch(position.batchIndex, of: drawnOrder(), seed: position.baseSeed)
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
      // PyTorch's sampler ends by drawing one more permutation that it does not use; that changes the state of a
      // generator that outlives the pass.
      if case .generator = position.order { _ = loader.generator?.permutation(loader.sampleCount) }
    }

    private func drawnOrder() throws -> [Int] {
      if let order { return order }
      let drawn: [Int]
      (drawn, current.order) = try loader.drawOrder(like: position.order)
      order = drawn
      return drawn
    }

    private func startWorkers() -> (any Error)? {
      do {
        let (order, source) = (try drawnOrder(), loader.source)
        let (count, batchSize, seed) = (loader.count, loader.batchSize, position.baseSeed)
        prefetcher = try Prefetcher(
          batches: position.batchIndex..<Swift.max(count, position.batchIndex),
          workerCount: loader.workerCount
        ) { index in
          let start = index * batchSize
          let size = Swift.min(batchSize, order.count - start)
          return try source.batch(
            BatchRequest(order: order, range: start..<start + size, seed: seed))
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

  fileprivate func fetch(_ index: Int, of order: [Int], seed: UInt64) throws -> Batch {
    let start = index * batchSize
    return try source.batch(
      BatchRequest(order: order, range: start..<start + size(ofBatch: index), seed: seed))
  }

  /// The order of a pass, a new one or that of `known`, and how to reproduce it.
  fileprivate func drawOrder(
    like known: LoaderPosition.Order?
  ) throws -> ([Int], LoaderPosition.Order) {
    let origin: LoaderPosition.Order
    let permutation: [Int]
    switch (known, generator) {
    case (.sequential, _): return (sourceIndices, .sequential)
    case (nil, _) where !shuffle: return (sourceIndices, .sequential)
    case (.generator(let state), let own):
      let generator = own ?? LevinTensor.Generator(seed: 0)
      try generator.restore(state)
      origin = .generator(state: state)
      permutation = generator.permutation(sampleCount)
    case (.seed(let seed), _):
      origin = .seed(seed)
      permutation = LevinTensor.Generator(seed: seed).permutation(sampleCount)
    case (nil, let generator?):
      origin = .generator(state: generator.state)
      permutation = generator.permutation(sampleCount)
    case (nil, nil):
      let seed = Iterator.drawSeed(nil)
      origin = .seed(seed)
      permutation = LevinTensor.Generator(seed: seed).permutation(sampleCount)
    }
    return (dataset is Subset<Batch> ? permutation.map { sourceIndices[$0] } : permutation, origin)
  }
}

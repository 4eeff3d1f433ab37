internal import LevinSystem
public import LevinTensor

/// Where a training loop gets its batches: a ``DataLoader``, a ``SequenceLoader``, a ``CombinedLoader``, or a subclass
/// of one's own.
///
/// A subclass overrides ``makeBatches(resumingAt:)``, and ``batchCount`` if it knows the number.
open class BatchLoader<Batch> {
  /// A loader for a subclass.
  public init() {}

  /// The number of batches in a pass; nil if it is not known in advance.
  open var batchCount: Int? { nil }

  /// The number of samples in batch `index` of a pass; nil if only the batch itself tells.
  open func sampleCount(ofBatch index: Int) -> Int? { nil }

  /// Begins a pass; with a position, resumes the pass that it was taken from.
  open func makeBatches(resumingAt position: LoaderPosition? = nil) -> BatchIterator<Batch> {
    fail(
      "makeBatches(resumingAt:)", "no override in \(type(of: self))",
      expected: "one in each loader")
  }

  /// Whether every pass has a new random order.
  open var shuffles: Bool { false }
  /// The same batches without shuffling.
  open var inOrder: BatchLoader<Batch> { self }
  /// The random number generators that belong to the loader; a checkpoint saves their states.
  open var generators: [LevinTensor.Generator] { [] }
  /// A short text that identifies the data, such as a ``Dataset/fingerprint``; nil if there is none.
  open var fingerprint: String? { nil }
  /// Announces the epoch of the next pass, for samplers whose order depends on it; does nothing by default.
  open func setEpoch(_ epoch: Int) {}
}

/// One pass over the batches of a ``BatchLoader``.
open class BatchIterator<Batch> {
  /// A pass for a subclass.
  public init() {}

  /// Where the pass is, for a checkpoint.
  open var position: LoaderPosition { LoaderPosition(batchIndex: 0, baseSeed: 0) }

  /// The next batch; nil after the last.
  open func nextBatch() throws -> Batch? { nil }

  /// Ends the pass early, and the threads that load ahead.
  open func stop() {}
}

/// The batches of a sequence whose length nobody needs to know, such as a stream or a generator.
///
/// Each pass asks for a new sequence. To resume in the middle of a pass, the batches that were already used are read
/// again and dropped.
public final class SequenceLoader<Batch>: BatchLoader<Batch> {
  private let makeSequence: () throws -> any Sequence<Batch>
  private let count: Int?

  /// - Parameters:
  ///   - count: The number of batches in a pass, if it is known.
  ///   - makeSequence: Returns the batches of a pass.
  public init(count: Int? = nil, _ makeSequence: @escaping () throws -> any Sequence<Batch>) {
    self.count = count
    self.makeSequence = makeSequence
  }

  public override var batchCount: Int? { count }

  public override func makeBatches(
    resumingAt position: LoaderPosition? = nil
  ) -> BatchIterator<Batch> {
    SequencePass(makeSequence, done: position?.batchIndex ?? 0)
  }
}

private final class SequencePass<Batch>: BatchIterator<Batch> {
  private let makeSequence: () throws -> any Sequence<Batch>
  private var next: (() -> Batch?)?
  private var done: Int

  init(_ makeSequence: @escaping () throws -> any Sequence<Batch>, done: Int) {
    self.makeSequence = makeSequence
    self.done = done
  }

  override var position: LoaderPosition { LoaderPosition(batchIndex: done, baseSeed: 0) }

  override func nextBatch() throws -> Batch? {
    let next = try next ?? begin()
    guard let batch = next() else { return nil }
    done += 1
    return batch
  }

  private func begin() throws -> () -> Batch? {
    func opened(_ sequence: some Sequence<Batch>) -> () -> Batch? {
      var iterator = sequence.makeIterator()
      return { iterator.next() }
    }
    let next = opened(try makeSequence())
    for _ in 0..<done where next() == nil { break }
    self.next = next
    return next
  }

  override func stop() { next = { nil } }
}

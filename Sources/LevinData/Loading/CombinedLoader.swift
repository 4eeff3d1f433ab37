internal import LevinSystem
public import LevinTensor

/// Several loaders read side by side, or one after another (Lightning's `CombinedLoader`).
///
/// A batch is a dictionary with a batch of each loader, under the loader's name.
///
///     CombinedLoader(["labeled": labeled, "unlabeled": unlabeled], mode: .maxSizeCycle)
public final class CombinedLoader<Batch>: BatchLoader<[String: Batch]> {
  /// When a pass ends, and what a loader that ends earlier gives.
  public enum Mode: String, Sendable, Codable, CaseIterable {
    /// The pass ends with the shortest loader.
    case minSize = "min_size"
    /// The pass ends with the longest loader; shorter ones begin again.
    case maxSizeCycle = "max_size_cycle"
    /// The pass ends with the longest loader; shorter ones are missing from the later batches.
    case maxSize = "max_size"
    /// All batches of the first loader, then those of the next; each dictionary has one entry.
    case sequential
  }

  /// The loaders and their names.
  public let loaders: [(name: String, loader: BatchLoader<Batch>)]
  /// When a pass ends.
  public let mode: Mode

  /// Traps if there is no loader, or if two have one name.
  public init(
    _ loaders: KeyValuePairs<String, BatchLoader<Batch>>, mode: Mode = .minSize
  ) {
    guard !loaders.isEmpty, Set(loaders.map(\.key)).count == loaders.count else {
      fail(
        "CombinedLoader(_:mode:)", "the names \(loaders.map(\.key))",
        expected: "at least one, each once")
    }
    self.loaders = loaders.map { ($0.key, $0.value) }
    self.mode = mode
  }

  private init(_ loaders: [(name: String, loader: BatchLoader<Batch>)], mode: Mode) {
    (self.loaders, self.mode) = (loaders, mode)
  }

  public override var batchCount: Int? {
    let counts = loaders.compactMap(\.loader.batchCount)
    guard counts.count == loaders.count else { return nil }
    return switch mode {
    case .minSize: counts.min()
    case .maxSizeCycle, .maxSize: counts.max()
    case .sequential: counts.reduce(0, +)
    }
  }

  public override func makeBatches(
    resumingAt position: LoaderPosition? = nil
  ) -> BatchIterator<[String: Batch]> {
    CombinedPass(loaders, mode, position)
  }

  public override var shuffles: Bool { loaders.contains { $0.loader.shuffles } }
  public override var inOrder: BatchLoader<[String: Batch]> {
    CombinedLoader(loaders.map { ($0.name, $0.loader.inOrder) }, mode: mode)
  }
  public override var generators: [LevinTensor.Generator] { loaders.flatMap(\.loader.generators) }
  public override func setEpoch(_ epoch: Int) {
    for entry in loaders { entry.loader.setEpoch(epoch) }
  }
  public override var fingerprint: String? {
    let found = loaders.compactMap { entry in
      entry.loader.fingerprint.map { "\(entry.name) \($0)" }
    }
    return found.isEmpty ? nil : found.joined(separator: ", ")
  }
}

private final class CombinedPass<Batch>: BatchIterator<[String: Batch]> {
  private let loaders: [(name: String, loader: BatchLoader<Batch>)]
  private let mode: CombinedLoader<Batch>.Mode
  private var passes: [BatchIterator<Batch>]
  /// Which loaders have reached their end at least once.
  private var ended: [Bool]
  private var done: Int

  init(
    _ loaders: [(name: String, loader: BatchLoader<Batch>)], _ mode: CombinedLoader<Batch>.Mode,
    _ position: LoaderPosition?
  ) {
    (self.loaders, self.mode) = (loaders, mode)
    let parts = position?.parts
    passes = loaders.indices.map { index in
      loaders[index].loader.makeBatches(resumingAt: parts.map { $0[index] })
    }
    ended = position?.ended ?? loaders.map { _ in false }
    done = position?.batchIndex ?? 0
  }

  override var position: LoaderPosition {
    var position = LoaderPosition(batchIndex: done, baseSeed: 0)
    (position.parts, position.ended) = (passes.map(\.position), ended)
    return position
  }

  override func nextBatch() throws -> [String: Batch]? {
    guard let batch = try mode == .sequential ? next() : round() else { return nil }
    done += 1
    return batch
  }

  private func next() throws -> [String: Batch]? {
    for index in loaders.indices where !ended[index] {
      if let batch = try passes[index].nextBatch() { return [loaders[index].name: batch] }
      ended[index] = true
    }
    return nil
  }

  private func round() throws -> [String: Batch]? {
    var batches: [String: Batch] = [:]
    for index in loaders.indices {
      if let batch = try passes[index].nextBatch() {
        batches[loaders[index].name] = batch
        continue
      }
      ended[index] = true
      switch mode {
      case .minSize: return nil
      case .maxSizeCycle:
        if ended.allSatisfy({ $0 }) { return nil }
        passes[index] = loaders[index].loader.makeBatches(resumingAt: nil)
        batches[loaders[index].name] = try passes[index].nextBatch()
      case .maxSize, .sequential: break
      }
    }
    return batches.isEmpty || ended.allSatisfy { $0 } ? nil : batches
  }

  override func stop() { for pass in passes { pass.stop() } }
}

internal import LevinData

/// A pass over training batches that knows which one is the last, also where the loader does not know how many it has.
final class TrainingPass<Batch> {
  private let iterator: BatchIterator<Batch>
  private let limit: Int?
  private let looksAhead: Bool
  private var done: Int
  /// A batch that was read to see whether there is one, and the position before it.
  private var ahead: (batch: Batch?, position: LoaderPosition)?

  /// - Parameters:
  ///   - limit: The largest number of batches; nil for all of a loader that does not know how many it has.
  ///   - done: The batches that were done before `position`.
  init(
    _ loader: BatchLoader<Batch>, resumingAt position: LoaderPosition? = nil, limit: Int?,
    done: Int = 0
  ) {
    iterator = loader.makeBatches(resumingAt: position)
    self.limit = limit
    self.done = done
    looksAhead = loader.batchCount == nil
  }

  /// Whether the limit is reached.
  var isDone: Bool { limit.map { done >= $0 } ?? false }

  /// The next batch; nil after the last.
  func next() throws -> Batch? {
    guard !isDone else { return nil }
    let batch: Batch?
    if let ahead {
      batch = ahead.batch
      self.ahead = nil
    } else {
      batch = try iterator.nextBatch()
    }
    if batch != nil { done += 1 }
    return batch
  }

  /// Whether no batch follows those that were handed out.
  func isAtEnd() throws -> Bool {
    if isDone { return true }
    guard looksAhead else { return false }
    if ahead == nil {
      let position = iterator.position
      ahead = (try iterator.nextBatch(), position)
    }
    return ahead?.batch == nil
  }

  /// The position after the batches that were handed out.
  var position: LoaderPosition { ahead?.position ?? iterator.position }

  func stop() { iterator.stop() }
}

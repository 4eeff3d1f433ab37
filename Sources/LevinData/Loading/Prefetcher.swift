internal import LevinSystem

/// Fetches batches ahead on worker threads, and hands them out in order.
///
/// Each batch is fetched by one thread.
final class Prefetcher<Batch> {
  private struct State {
    /// The next batch to fetch.
    var nextToFetch: Int
    /// The next batch to hand out.
    var nextToHandOut: Int
    /// The first batch that is no longer fetched: the end of the pass, or lower after an error or a stop.
    var end: Int
    /// The fetched batches, by number.
    var ready: [Int: Handover<Batch>] = [:]
  }

  private let state: Monitor<State>
  private var pool: WorkerPool?

  /// Starts fetching on the threads of `pool`.
  ///
  /// - Parameter depth: The greatest number of batches per thread that are fetched but not handed out.
  init(
    batches: Range<Int>, pool: WorkerPool, depth: Int,
    fetch: @escaping @Sendable (Int) throws -> Batch
  ) {
    let state = Monitor(
      State(
        nextToFetch: batches.lowerBound, nextToHandOut: batches.lowerBound,
        end: batches.upperBound))
    self.state = state
    self.pool = pool
    let (ahead, overflow) = depth.multipliedReportingOverflow(by: pool.count)
    let limit = overflow ? Int.max : ahead
    pool.run { Self.work(state, limit: limit, fetch) }
  }

  deinit { stop() }

  /// The next batch in order; throws what fetching it threw.
  ///
  /// Must not be called after the last batch.
  func next() throws -> Batch {
    let handover = state.wait { state -> Handover<Batch>? in
      guard let handover = state.ready.removeValue(forKey: state.nextToHandOut) else { return nil }
      state.nextToHandOut += 1
      return handover
    }
    return try handover.result.get()
  }

  /// Stops fetching, and returns when no thread fetches any more.
  func stop() {
    state.withLock { state in
      state.end = min(state.end, state.nextToFetch)
      state.ready = [:]
    }
    pool?.waitUntilIdle()
    pool = nil
  }

  private static func work(
    _ state: Monitor<State>, limit: Int, _ fetch: (Int) throws -> Batch
  ) {
    while true {
      let ticket: Int? = state.wait { state -> Int?? in
        if state.nextToFetch >= state.end { return .some(nil) }
        guard state.nextToFetch - state.nextToHandOut < limit else { return nil }
        state.nextToFetch += 1
        return state.nextToFetch - 1
      }
      guard let ticket else { return }
      let handover = Handover(result: Result { try fetch(ticket) })
      state.withLock { state in
        state.ready[ticket] = handover
        if case .failure = handover.result { state.end = min(state.end, ticket) }
      }
    }
  }
}

/// A batch on its way from the thread that fetched it to the one that takes it.
///
/// `@unchecked Sendable`, although tensors are not: the two threads never share the batch. The thread that made it
/// puts it in and keeps no reference; one other thread takes it out, once.
struct Handover<Batch>: @unchecked Sendable {
  let result: Result<Batch, any Error>
}

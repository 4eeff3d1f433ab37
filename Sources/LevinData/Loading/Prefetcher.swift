internal import LevinSystem

/// Fetches batches ahead on worker threads, and hands them out in order.
///
/// Each batch is fetched by one thread; the number of batches fetched but not yet handed out is at most twice the
/// number of threads.
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
  private var threads: [WorkerThread] = []

  /// Starts `workerCount` threads, or as many as there are batches or as the system allows; throws if it allows none.
  init(
    batches: Range<Int>, workerCount: Int, fetch: @escaping @Sendable (Int) throws -> Batch
  ) throws(WorkerThread.StartError) {
    let state = Monitor(
      State(
        nextToFetch: batches.lowerBound, nextToHandOut: batches.lowerBound,
        end: batches.upperBound))
    self.state = state
    let threadCount = min(workerCount, batches.count)
    let limit = 2 * threadCount
    for _ in 0..<threadCount {
      do throws(WorkerThread.StartError) {
        threads.append(try WorkerThread { Self.work(state, limit: limit, fetch) })
      } catch {
        if threads.isEmpty { throw error }
        break
      }
    }
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

  /// Stops fetching, and returns when all threads have ended.
  func stop() {
    state.withLock { state in
      state.end = min(state.end, state.nextToFetch)
      state.ready = [:]
    }
    for thread in threads { thread.join() }
    threads = []
  }

  private static func work(
    _ state: Monitor<State>, limit: Int, _ fetch: (Int) throws -> Batch
  ) {
    while true {
      let ticket: Int? = state.wait { state -> Int?? in
        if state.nextToFetch >= state.end { return .some(nil) }
        guard state.nextToFetch < state.nextToHandOut + limit else { return nil }
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

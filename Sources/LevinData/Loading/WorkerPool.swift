internal import LevinSystem

/// Threads that wait for jobs.
///
/// A loader with persistent workers keeps one over its passes; every other pass has its own.
final class WorkerPool {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var running = 0
    var isClosed = false
  }

  private let state = Monitor(State())
  private var threads: [WorkerThread] = []

  /// Starts `count` threads, or as many as the system allows; throws if it allows none.
  init(count: Int) throws(WorkerThread.StartError) {
    let state = state
    for _ in 0..<count {
      do throws(WorkerThread.StartError) {
        threads.append(try WorkerThread { Self.work(state) })
      } catch {
        if threads.isEmpty { throw error }
        break
      }
    }
  }

  /// Waits for the running jobs, and ends the threads.
  deinit {
    state.withLock { state in
      state.isClosed = true
      state.jobs = []
    }
    for thread in threads { thread.join() }
  }

  /// The number of threads.
  var count: Int { threads.count }
  /// Whether no job runs or waits.
  var isIdle: Bool { state.withLock { $0.jobs.isEmpty && $0.running == 0 } }

  /// Runs `job` once on each thread.
  func run(_ job: @escaping @Sendable () -> Void) {
    state.withLock { $0.jobs += [@Sendable () -> Void](repeating: job, count: threads.count) }
  }

  /// Returns when no job runs or waits.
  func waitUntilIdle() {
    state.wait { state -> Void? in state.jobs.isEmpty && state.running == 0 ? () : nil }
  }

  private static func work(_ state: Monitor<State>) {
    while true {
      let job = state.wait { state -> (@Sendable () -> Void)?? in
        if let job = state.jobs.popLast() {
          state.running += 1
          return .some(job)
        }
        return state.isClosed ? .some(nil) : nil
      }
      guard let job else { return }
      job()
      state.withLock { $0.running -= 1 }
    }
  }
}

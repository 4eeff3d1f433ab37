internal import LevinLibC
internal import Synchronization

/// Counts the forks that led to this process, from the first query on.
package enum Forks {
  private static let counter: Atomic<Int> = {
    pthread_atfork(nil, nil) { Forks.countOne() }
    return Atomic(0)
  }()

  private static func countOne() { counter.wrappingAdd(1, ordering: .relaxed) }

  /// The count; it rises in the child.
  package static var count: Int { counter.load(ordering: .relaxed) }
}

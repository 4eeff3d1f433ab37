internal import LevinLibC
internal import Synchronization

/// How often this process and those it came from were forked since the first question.
package enum Forks {
  private static let counter: Atomic<Int> = {
    pthread_atfork(nil, nil) { Forks.countOne() }
    return Atomic(0)
  }()

  private static func countOne() { counter.wrappingAdd(1, ordering: .relaxed) }

  /// The number; it rises in the child.
  package static var count: Int { counter.load(ordering: .relaxed) }
}

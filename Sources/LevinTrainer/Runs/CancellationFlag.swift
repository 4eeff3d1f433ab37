internal import Synchronization

/// Set when the task that a run is in is cancelled.
final class CancellationFlag: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool {
    get { flag.load(ordering: .relaxed) }
    set { flag.store(newValue, ordering: .relaxed) }
  }
}

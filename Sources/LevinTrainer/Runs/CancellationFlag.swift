internal import Synchronization

/// Set by the cancellation of the task that a run is in.
final class CancellationFlag: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool {
    get { flag.load(ordering: .relaxed) }
    set { flag.store(newValue, ordering: .relaxed) }
  }
}

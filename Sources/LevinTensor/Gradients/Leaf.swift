internal import Synchronization

/// The end of a gradient's path: a parameter, or a tensor made a leaf by ``Tensor/requiringGradient()``.
final class Leaf: @unchecked Sendable {
  // Unchecked, because the lock protects everything that changes.
  private let lock = Mutex<Void>(())
  private var stored: Tensor?

  /// The accumulated gradient; it is recorded only if it was computed to be differentiated again.
  var gradient: Tensor? {
    get {
      var gradient: Tensor?
      lock.withLock { _ in gradient = stored }
      return gradient
    }
    set { lock.withLock { _ in stored = newValue } }
  }

  var hasGradient: Bool { lock.withLock { _ in stored != nil } }

  /// Adds a gradient that has arrived.
  ///
  /// The first one becomes the gradient without a copy, if nothing else holds its memory: it then stays where the
  /// kernel wrote it, in the caches of the cores that will update the parameter.
  func accumulate(_ arrived: inout Tensor?) {
    lock.withLock { _ in
      guard stored == nil else {
        if let new = arrived.take() { stored?.accumulate(new) }
        return
      }
      swap(&stored, &arrived)
      if stored?.node == nil, stored?.ownsStorage() == false { stored = stored?.copied() }
    }
  }

  /// Calls `body` with the gradient, moved out of the leaf, so that it can be changed in place.
  func withGradient(_ body: (inout Tensor?) -> Void) {
    lock.withLock { _ in
      var gradient = stored.take()
      body(&gradient)
      stored = gradient
    }
  }
}

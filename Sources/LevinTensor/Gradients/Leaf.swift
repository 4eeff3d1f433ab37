internal import Synchronization

/// Where gradients end: a parameter, or a tensor that was made a leaf by ``Tensor/requiringGradient()``.
final class Leaf: @unchecked Sendable {
  // Unchecked: what changes lies behind the lock.
  private let lock = Mutex<Void>(())
  private var stored: Tensor?

  /// What has been added up; recorded only where it was computed to be differentiated again.
  var gradient: Tensor? {
    get {
      var gradient: Tensor?
      lock.withLock { _ in gradient = stored }
      return gradient
    }
    set { lock.withLock { _ in stored = newValue } }
  }

  /// Takes what has arrived and adds it to the gradient.
  ///
  /// The first one to arrive becomes it, memory and all, where nobody else holds that memory: it then lies where the product
  /// wrote it, in the caches of the cores that will update the parameter.
  func accumulate(_ arrived: inout Tensor?) {
    guard var new = arrived.take() else { return }
    withGradient { gradient in
      if gradient?.accumulate(new) == nil {
        gradient = new.node != nil || new.isAlone() ? new : new.copied()
      }
    }
  }

  /// Calls `body` with the gradient, moved out of the leaf, so that it may be changed in place.
  func withGradient(_ body: (inout Tensor?) -> Void) {
    lock.withLock { _ in
      var gradient = stored.take()
      body(&gradient)
      stored = gradient
    }
  }
}

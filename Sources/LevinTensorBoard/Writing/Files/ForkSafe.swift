internal import LevinSystem
import Synchronization

/// An object that a forked child does not share: it gets a new one on first use.
///
/// Threads do not exist in a forked process, and what they had locked stays locked; so the child never touches the
/// parent's object.
final class ForkSafe<Object: AnyObject & Sendable>: Sendable {
  private final class Box: Sendable {
    let object: Object
    let forks = Forks.count

    init(_ object: Object) { self.object = object }
  }
  private let box: Atomic<Unmanaged<Box>>
  private let makeInChild: @Sendable () -> Object

  init(_ object: Object, inChild makeInChild: @escaping @Sendable () -> Object) {
    box = Atomic(.passRetained(Box(object)))
    self.makeInChild = makeInChild
  }

  deinit { box.load(ordering: .acquiring).release() }

  /// This process's object.
  var object: Object {
    let known = box.load(ordering: .acquiring)
    let value = known.takeUnretainedValue()
    if value.forks == Forks.count { return value.object }
    // The parent's box is never released here.
    let fresh = Unmanaged.passRetained(Box(makeInChild()))
    let (isOurs, current) = box.compareExchange(
      expected: known, desired: fresh, ordering: .acquiringAndReleasing)
    if isOurs { return fresh.takeUnretainedValue().object }
    fresh.release()
    return current.takeUnretainedValue().object
  }
}

internal import Synchronization

/// Ends the process because of a caller's mistake, such as a shape that does not fit.
///
/// The message has the ``FailurePlace``, the operation, what was found, what was expected, and a hint. The
/// ``FailureHook`` of the current run is called first. (`fatalError`, because a release `precondition` prints nothing.)
package func fail(
  _ operation: String, _ found: String, expected: String, hint: String? = nil
) -> Never {
  let hint = hint.map { "; \($0)" } ?? ""
  fail(operation, "found \(found); expected \(expected)\(hint)")
}

/// As ``fail(_:_:expected:hint:)``, with what was found and what was expected in one text.
package func fail(_ operation: String, _ problem: String) -> Never {
  var message = "\(operation): \(problem)"
  if let place = FailurePlace.take(), !message.hasPrefix(place) { message = "\(place): \(message)" }
  if let hook = FailureHook.current {
    // A hook that fails itself is not called again.
    FailureHook.$current.withValue(nil) { hook.tell(message) }
  }
  fatalError(message)
}

/// A closure that is called when a caller's mistake is about to end the process: to flush files, or to say how far
/// the training was.
///
/// A hook belongs to a run and not to the process: it is in force inside `withValue`, including the tasks and worker
/// threads started there.
///
///     try FailureHook.$current.withValue(FailureHook { message in log.flush() }) { try train() }
public struct FailureHook: Sendable {
  // Wrapped in a struct: Swift 6.3 at -O gives `TaskLocal.withValue` a wrong type if the value itself is a closure.
  fileprivate let tell: @Sendable (String) -> Void

  /// The hook of the run that the calling thread works for; nil if there is none.
  @TaskLocal public static var current: FailureHook?

  /// A hook that calls `tell` with the message, on the thread that made the mistake.
  public init(_ tell: @escaping @Sendable (_ message: String) -> Void) { self.tell = tell }
}

/// Names what the calling thread is working on, for the message of ``fail(_:_:expected:hint:)``.
package enum FailurePlace {
  private static let name = Mutex<(@Sendable () -> String?)?>(nil)

  /// Sets the function that returns the name, or nil if there is nothing to say.
  package static func name(by name: @escaping @Sendable () -> String?) {
    self.name.withLock { $0 = name }
  }

  /// Asks at most once: a function that fails itself must not be called again.
  fileprivate static func take() -> String? {
    name.withLock { name in
      defer { name = nil }
      return name
    }?()
  }
}

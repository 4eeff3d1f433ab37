/// Ends the process for a caller's mistake, as a shape that does not fit, with one text: the operation, what was found,
/// what was expected, a hint.
///
/// The ``FailureHook`` of the thread's run is told first. (`fatalError`, because a release `precondition` prints nothing.)
package func fail(
  _ operation: String, _ found: String, expected: String, hint: String? = nil
) -> Never {
  let hint = hint.map { "; \($0)" } ?? ""
  fail(operation, "found \(found); expected \(expected)\(hint)")
}

/// As ``fail(_:_:expected:hint:)``, with what was found and what was expected in one text.
package func fail(_ operation: String, _ problem: String) -> Never {
  let message = "\(operation): \(problem)"
  if let hook = FailureHook.current {
    // A hook that fails itself is not told again.
    FailureHook.$current.withValue(nil) { hook.tell(message) }
  }
  fatalError(message)
}

/// Who is told of a caller's mistake before the process ends, to drain files and to name the place in a training.
///
/// A hook belongs to a run and not to the process: it is in force for what `withValue` calls, with the tasks and the
/// worker threads that are started there.
///
///     try FailureHook.$current.withValue(FailureHook { message in log.flush() }) { try train() }
public struct FailureHook: Sendable {
  // Within a struct: Swift 6.3 at -O gives `TaskLocal.withValue` a wrong type where the value is a closure itself.
  fileprivate let tell: @Sendable (String) -> Void

  /// The hook of the run that the calling thread works for; nil where there is none.
  @TaskLocal public static var current: FailureHook?

  /// A hook that calls `tell` with the message, on the thread that makes the mistake.
  public init(_ tell: @escaping @Sendable (_ message: String) -> Void) { self.tell = tell }
}

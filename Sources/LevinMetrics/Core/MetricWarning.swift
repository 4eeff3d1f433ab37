internal import LevinSystem

/// Receives warnings about values that mean less than they seem to, such as a recall without positive targets.
///
///     MetricWarning.$handler.withValue(MetricWarning { log.append($0) }) { _ = metric.compute() }
public struct MetricWarning: Sendable {
  // Wrapped in a struct: Swift 6.3 at -O gives `TaskLocal.withValue` a wrong type if the value itself is a closure.
  private let write: @Sendable (String) -> Void

  /// Receives the warnings; writes them to standard error unless replaced within `withValue`.
  @TaskLocal public static var handler = MetricWarning {
    StandardError.write("warning: \($0)\n")
  }

  /// Creates a handler that calls `write` with the text of each warning.
  public init(_ write: @escaping @Sendable (_ text: String) -> Void) { self.write = write }

  static func tell(_ text: String) { handler.write(text) }
}

internal import LevinSystem

/// Warnings about values that mean less than they seem to, such as a recall without positive targets.
public enum MetricWarning {
  /// Receives the text of a warning, and writes it to standard error unless replaced within `withValue`.
  @TaskLocal public static var handler: @Sendable (String) -> Void = {
    StandardError.write("warning: \($0)\n")
  }

  static func tell(_ text: String) { handler(text) }
}

internal import LevinSystem

/// Who is told where a value means less than it seems to, as a recall without positive targets.
public enum MetricWarning {
  /// Takes the text of a warning; standard error unless set, for what `withValue` calls.
  @TaskLocal public static var handler: @Sendable (String) -> Void = {
    StandardError.write("warning: \($0)\n")
  }

  static func tell(_ text: String) { handler(text) }
}

public import LevinConfiguration
public import LevinTensor

/// Discards everything: the logger of a trainer without one, and during the sanity check.
public final class MutedLogger: Logger {
  /// A logger that discards everything.
  public init() {}
  /// nil.
  public var logDirectory: String? { nil }
  /// Drops the metrics.
  public func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) {}
  /// Drops the hyperparameters.
  public func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) {}
  /// Drops the image.
  public func addImage(_ tag: String, _ image: Tensor, step: Int) {}
  /// Drops the text.
  public func addText(_ tag: String, _ text: String, step: Int) {}
  /// Does nothing.
  public func flush() {}
  /// Does nothing.
  public func finalize(_ status: RunStatus) {}
}

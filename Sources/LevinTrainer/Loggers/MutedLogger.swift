public import LevinTensor

/// Swallows everything: the logger where there is none, and during the sanity check.
public final class MutedLogger: Logger {
  public init() {}
  public var logDirectory: String? { nil }
  public func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) {}
  public func logHyperparameters(_ hyperparameters: ConfigValue) {}
  public func addImage(_ tag: String, _ image: Tensor, step: Int) {}
  public func addText(_ tag: String, _ text: String, step: Int) {}
  public func flush() {}
  public func finalize(_ status: RunStatus) {}
}

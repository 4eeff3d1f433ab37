internal import LevinOptimizers
internal import LevinTensor

/// How the processes of a training work together.
///
/// The trainer averages gradients at one place, between the backward pass and the hooks before the optimizer's step. What
/// only several processes need, reducing, broadcasting and waiting, has no caller yet.
protocol Strategy: AnyObject {
  /// Whether this process writes files and prints.
  var isMain: Bool { get }
  /// Called once, before the first hook of a stage.
  func setUp() throws
  /// Replaces the gradients of the optimizer's parameters by their means over all processes.
  func averageGradients(of optimizer: Optimizer) throws
  /// Combines the values that the processes have for a metric.
  func reduced(_ value: Double, by reduction: MetricReduction) throws -> Double
  /// The main process's value.
  func broadcast(_ text: String) throws -> String
  /// Returns when every process has come here.
  func barrier() throws
}

/// One process on one machine.
final class SingleProcess: Strategy {
  var isMain: Bool { true }
  func setUp() {}
  func averageGradients(of optimizer: Optimizer) {}
  func reduced(_ value: Double, by reduction: MetricReduction) -> Double { value }
  func broadcast(_ text: String) -> String { text }
  func barrier() {}
}

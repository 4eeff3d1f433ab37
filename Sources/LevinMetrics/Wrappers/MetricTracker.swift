internal import LevinSystem
public import LevinTensor

/// The values of a metric over time, for instance in each epoch, and the best one (torchmetrics' `MetricTracker`).
public final class MetricTracker {
  /// The metric, which is reset after each step.
  public let metric: Metric
  /// Whether greater values are better.
  public let maximize: Bool
  /// The values of the finished steps.
  public private(set) var values: [Tensor] = []

  /// Creates a tracker for a metric whose value is one number.
  public init(_ metric: Metric, maximize: Bool = true) {
    (self.metric, self.maximize) = (metric, maximize)
  }

  /// Stores and returns the metric's value, and resets the metric for the next step.
  @discardableResult
  public func finishStep() -> Tensor {
    let value = metric.compute()
    values.append(value)
    metric.reset()
    return value
  }

  /// The best value and its step, from 0 (the first one if several are equal); nil if there is no value, or all are
  /// NaN.
  ///
  /// Traps if the metric's value is several numbers.
  public var best: (value: Double, step: Int)? {
    var best: (value: Double, step: Int)?
    for (step, tensor) in values.enumerated() {
      guard tensor.elementCount == 1 else {
        fail("MetricTracker.best", "values of shape \(tensor.shape)", expected: "one number")
      }
      let value = tensor.item()
      guard !value.isNaN else { continue }
      if let known = best, maximize ? value <= known.value : value >= known.value { continue }
      best = (value, step)
    }
    return best
  }
}

/// A metric's value with the least and the greatest one that ``compute()`` has returned (torchmetrics' `MinMaxMetric`).
public final class MinMaxMetric {
  /// The metric.
  public let metric: Metric
  private var extremes: (least: Double, greatest: Double)?

  /// Creates a wrapper of a metric whose value is one number.
  public init(_ metric: Metric) { self.metric = metric }

  /// Takes a batch.
  public func update(_ predictions: Tensor, _ targets: Tensor) {
    metric.update(predictions, targets)
  }

  /// The value over all batches, and the extremes of all values computed so far, including this one.
  public func compute() -> (value: Double, minimum: Double, maximum: Double) {
    let value = metric.compute().item()
    let before = extremes ?? (value, value)
    extremes = (min(before.0, value), max(before.1, value))
    return (value, extremes?.least ?? value, extremes?.greatest ?? value)
  }

  /// Forgets all batches and the extremes.
  public func reset() {
    metric.reset()
    extremes = nil
  }
}

extension Metric {
  /// The value of each class by its name, such as `accuracy_cat` (torchmetrics' `ClasswiseWrapper`).
  ///
  /// Traps unless there is a label for each value.
  public final func computeByClass(_ labels: [String], prefix: String) -> [String: Double] {
    let values = compute().to(.float64).reshaped(to: [-1]).scalars(as: Double.self)
    guard values.count == labels.count else {
      fail(
        "computeByClass(_:prefix:)", "\(labels.count) labels for \(values.count) values",
        expected: "one a value", hint: "the average of the metric is to be none")
    }
    return Dictionary(zip(labels.map { "\(prefix)_\($0)" }, values)) { first, _ in first }
  }
}

public import LevinTensor

/// A metric's value with the least and the greatest one that ``compute()`` has returned (torchmetrics' `MinMaxMetric`).
public final class MinMaxMetric: LoggableMetric {
  /// The metric.
  public let metric: Metric
  private var extremes: (least: Double, greatest: Double)?

  /// Creates a wrapper of a metric whose value is one number.
  public init(_ metric: Metric) { self.metric = metric }

  /// The number of batches since the last reset.
  public var updateCount: Int { metric.updateCount }

  /// Takes a batch.
  public func update(_ predictions: Tensor, _ targets: Tensor) {
    metric.update(predictions, targets)
  }

  /// Takes a batch, and returns the metric's value of this batch alone.
  @discardableResult
  public func callAsFunction(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    metric(predictions, targets)
  }

  /// The value over all batches, and the extremes of all values computed so far, including this one.
  public func compute() -> (value: Double, minimum: Double, maximum: Double) {
    let value = metric.compute().item()
    let before = extremes ?? (value, value)
    let extremes = (least: min(before.least, value), greatest: max(before.greatest, value))
    self.extremes = extremes
    return (value, extremes.least, extremes.greatest)
  }

  /// The value as `raw`, and the extremes as `min` and `max`, as ``compute()`` returns them.
  public var valuesByName: [String: Tensor] {
    let (value, minimum, maximum) = compute()
    return ["raw": value, "min": minimum, "max": maximum].mapValues { Tensor(Float($0)) }
  }

  /// The metric's value of the last batch as `raw`; nil if it came by ``update(_:_:)``.
  public var batchValuesByName: [String: Tensor]? { metric.batchValue.map { ["raw": $0] } }

  /// Forgets all batches and the extremes.
  public func reset() {
    metric.reset()
    extremes = nil
  }

  /// The metric's state, and the extremes as `min` and `max` if there are any.
  public var state: [String: Tensor] {
    var result = metric.state.prefixed("metric")
    if let extremes {
      (result["min"], result["max"]) = (Tensor(extremes.least), Tensor(extremes.greatest))
    }
    return result
  }

  /// Restores what ``state`` returned; throws ``MetricStateError`` and changes nothing if it does not match.
  public func loadState(_ state: [String: Tensor]) throws {
    let saved = SavedMetric(state, owner: "MinMaxMetric")
    var extremes: (least: Double, greatest: Double)?
    if state["min"] != nil || state["max"] != nil {
      let number = Tensor(0 as Double)
      extremes = (
        try saved.tensor("min", like: number).item(), try saved.tensor("max", like: number).item()
      )
    }
    try saved.expectOnly(["min", "max"], parts: ["metric"])
    try metric.loadState(saved.part("metric"))
    self.extremes = extremes
  }
}

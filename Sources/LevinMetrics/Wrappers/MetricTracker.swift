internal import LevinSystem
public import LevinTensor

/// The values of a metric or a collection over time, for instance in each epoch, and the best one (torchmetrics'
/// `MetricTracker`).
public final class MetricTracker<Tracked: LoggableMetric> {
  /// The metric, which is reset after each step.
  public let metric: Tracked
  /// Whether greater values are better; nil: as the metric says.
  public let maximize: Bool?
  /// The values of the finished steps by name; a metric with one value has the name "".
  public private(set) var steps: [[String: Tensor]] = []

  /// Creates a tracker that has not seen any step.
  public init(_ metric: Tracked, maximize: Bool? = nil) {
    (self.metric, self.maximize) = (metric, maximize)
  }

  /// Stores and returns the metric's values, and resets the metric for the next step.
  @discardableResult
  public func finishStep() -> [String: Tensor] {
    let values = metric.valuesByName
    steps.append(values)
    metric.reset()
    return values
  }

  /// The values with a name in all finished steps.
  public func values(_ name: String = "") -> [Tensor] { steps.compactMap { $0[name] } }

  /// The best value with a name and its step, from 0 (the first one if several are equal); nil if there is no value, or
  /// all are NaN.
  ///
  /// Traps if the value is several numbers, or if neither `maximize`, nor that of the tracker, nor the metric says whether
  /// greater values are better.
  public func best(_ name: String = "", maximize: Bool? = nil) -> (value: Double, step: Int)? {
    var best: (value: Double, step: Int)?
    let known = maximize ?? self.maximize ?? metric.higherIsBetter(name)
    for (step, values) in steps.enumerated() {
      guard let tensor = values[name] else { continue }
      guard tensor.elementCount == 1 else {
        fail("MetricTracker.best", "values of shape \(tensor.shape)", expected: "one number")
      }
      guard let maximize = known else {
        fail(
          "MetricTracker.best",
          "\(type(of: metric)), which does not say whether greater values are better",
          expected: "maximize: true or false")
      }
      let value = tensor.item()
      guard !value.isNaN else { continue }
      if let best, maximize ? value <= best.value : value >= best.value { continue }
      best = (value, step)
    }
    return best
  }

  /// Forgets all steps, and all batches of the metric.
  public func reset() {
    steps = []
    metric.reset()
  }

  // MARK: Checkpoints

  /// The values of all steps, and the state of the metric.
  public var state: [String: Tensor] {
    var result = metric.state.prefixed("metric")
    result["steps"] = Tensor(Int64(steps.count))
    for (index, values) in steps.enumerated() {
      result.merge(values.prefixed("step.\(index)")) { first, _ in first }
    }
    return result
  }

  /// Restores what ``state`` returned; throws ``MetricStateError`` and changes nothing if it does not match.
  public func loadState(_ state: [String: Tensor]) throws {
    let saved = SavedMetric(state, owner: "MetricTracker")
    let count = try saved.count("steps")
    let steps = (0..<count).map { saved.part("step.\($0)") }
    try saved.expectOnly(["steps"], parts: ["metric"] + (0..<count).map { "step.\($0)" })
    try metric.loadState(saved.part("metric"))
    self.steps = steps
  }
}

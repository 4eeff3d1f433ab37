internal import LevinSystem
public import LevinTensor

/// A metric over the last few batches (torchmetrics' `Running`, `RunningMean` and `RunningSum`).
///
///     let loss = Running(MeanMetric(), window: 100)
///     loss.update(value)
///
/// It keeps the states of each of these batches. Calling it returns the value of one batch, as for any metric.
public final class Running: Metric {
  public override var higherIsBetter: Bool? { metric.higherIsBetter }

  /// The metric that computes the values; its own states do not change.
  public let metric: Metric
  /// The number of batches that count.
  public let window: Int
  /// What the last batches measured, oldest first.
  private var batches: [[Tensor]] = []
  private var count = 0

  /// Traps unless the window is 1 or more.
  public init(_ metric: Metric, window: Int = 5) {
    guard window > 0 else { fail("Running", "a window of \(window)", expected: "1 or more") }
    (self.metric, self.window) = (metric, window)
    super.init(metric.kept)
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    metric.measure(predictions, targets)
  }
  public override func value(of states: [Tensor]) -> Tensor { metric.value(of: states) }

  /// Takes numbers with their weights, for an ``AggregationMetric``.
  public func update(_ values: Tensor, weight: Tensor? = nil) {
    update(values, weight ?? Tensor(1 as Float))
  }
  /// Takes a number, for an ``AggregationMetric``.
  public func update(_ value: Double) { update(Tensor(value)) }

  public override var updateCount: Int { count }

  public override var states: [Tensor] {
    batches.reduce(into: AccumulatedStates(kept)) { $0.add($1, owner: "Running") }.tensors
  }

  override func accumulate(_ measured: [Tensor], batches: Int) {
    self.batches.append(measured.map { $0.detached() })
    if self.batches.count > window { self.batches.removeFirst() }
    count += batches
  }

  override func forget() { (batches, count) = ([], 0) }

  override var saved: [String: Tensor] {
    var result = ["update_count": Tensor(Int64(count))]
    for (index, batch) in batches.enumerated() {
      for (kind, tensor) in zip(kept, batch) { result["\(index).\(kind.name)"] = tensor }
    }
    return result
  }

  override func loading(_ state: [String: Tensor]) throws -> () -> Void {
    let saved = SavedMetric(state, owner: "Running")
    let count = try saved.count("update_count")
    let places = 0..<min(count, window)
    let batches = try places.map { index in
      try kept.map { kind in
        let isList = kind.reduction == .concatenation
        return try saved.tensor("\(index).\(kind.name)", like: kind.initial, isList: isList)
      }
    }
    try saved.expectOnly(["update_count"] + places.flatMap { i in kept.map { "\(i).\($0.name)" } })
    return { [self] in (self.batches, self.count) = (batches, count) }
  }
}

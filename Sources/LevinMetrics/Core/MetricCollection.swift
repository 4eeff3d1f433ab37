internal import LevinSystem
public import LevinTensor

/// Several metrics of the same predictions, by name (torchmetrics' `MetricCollection`).
///
/// Metrics that share their states, such as precision and recall of the same classes, measure each batch only once.
///
///     let metrics = MetricCollection(["f1": F1Score(task), "auroc": AUROC(task)], prefix: "val/")
public final class MetricCollection: LoggableMetric {
  /// The metrics, by name without prefix and postfix.
  public let metrics: [String: Metric]
  /// What stands before the names of values.
  public let prefix: String
  /// What stands after the names of values.
  public let postfix: String
  /// The metrics in groups that share their states; the first of each group measures.
  private let groups: [[(name: String, metric: Metric)]]

  /// Traps if a metric appears under two names, or a name has a dot, which separates names in ``state``.
  public init(_ metrics: [String: Metric], prefix: String = "", postfix: String = "") {
    (self.metrics, self.prefix, self.postfix) = (metrics, prefix, postfix)
    guard Set(metrics.values.map(ObjectIdentifier.init)).count == metrics.count else {
      fail("MetricCollection(_:)", "one metric twice", expected: "each once")
    }
    if let name = metrics.keys.filter({ $0.contains(".") }).min() {
      fail("MetricCollection(_:)", "the name \(name)", expected: "names without dots")
    }
    let named = metrics.sorted { $0.key < $1.key }.map { (name: $0.key, metric: $0.value) }
    var groups: [[(name: String, metric: Metric)]] = []
    var places: [String: Int] = [:]
    for (name, metric) in named {
      if let key = metric.sharingKey {
        if let place = places[key] {
          groups[place].append((name, metric))
          continue
        }
        places[key] = groups.count
      }
      groups.append([(name, metric)])
    }
    self.groups = groups
  }

  /// The metric with a name.
  public subscript(name: String) -> Metric? { metrics[name] }

  /// The number of batches since the last reset.
  public var updateCount: Int { groups.first?[0].metric.updateCount ?? 0 }

  /// Takes a batch.
  public func update(_ predictions: Tensor, _ targets: Tensor) {
    for group in groups {
      group[0].metric.update(predictions, targets)
      for (_, metric) in group.dropFirst() { metric.follow(group[0].metric) }
    }
  }

  /// Takes a batch, and returns the values of this batch alone, by their whole names.
  @discardableResult
  public func callAsFunction(_ predictions: Tensor, _ targets: Tensor) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for group in groups {
      let batch = group[0].metric.measuring(predictions, targets)
      group[0].metric.add(batch)
      for (name, metric) in group {
        if metric !== group[0].metric { metric.follow(group[0].metric) }
        result[prefix + name + postfix] = metric.finishBatch(batch)
      }
    }
    return result
  }

  /// The values over all batches since the last reset, by their whole names.
  public func compute() -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: metrics.map { (prefix + $0 + postfix, $1.compute()) })
  }

  /// What ``compute()`` returns.
  public var valuesByName: [String: Tensor] { compute() }

  /// The values of the last batch alone; nil if it came by ``update(_:_:)``.
  public var batchValuesByName: [String: Tensor]? {
    let values = metrics.compactMap { name, metric in
      metric.batchValue.map { (prefix + name + postfix, $0) }
    }
    return values.count == metrics.count ? Dictionary(uniqueKeysWithValues: values) : nil
  }

  /// What the metric with a whole name says.
  public func higherIsBetter(_ name: String) -> Bool? {
    metrics.first { prefix + $0.key + postfix == name }?.value.higherIsBetter
  }

  /// Forgets all batches.
  public func reset() {
    for metric in metrics.values { metric.reset() }
  }

  /// The states of all metrics, as `name.state`, without the prefix.
  public var state: [String: Tensor] {
    metrics.reduce(into: [:]) { result, entry in
      result.merge(entry.value.state.prefixed(entry.key)) { first, _ in first }
    }
  }

  /// Restores what ``state`` returned; throws ``MetricStateError`` and changes nothing if it does not match.
  public func loadState(_ state: [String: Tensor]) throws {
    let saved = SavedMetric(state, owner: "MetricCollection")
    try saved.expectOnly([], parts: Array(metrics.keys))
    // All are checked before any changes.
    for (name, metric) in metrics { _ = try metric.loading(saved.part(name)) }
    for (name, metric) in metrics { try metric.loadState(saved.part(name)) }
  }
}

internal import LevinSystem
public import LevinTensor

/// Several metrics of the same predictions, by name (torchmetrics' `MetricCollection`).
///
/// Metrics that share their states, such as precision and recall of the same classes, measure each batch only once.
public final class MetricCollection {
  /// The metrics, by name.
  public let metrics: [String: Metric]
  /// The metrics in groups that share their states; the first of each group measures.
  private let groups: [[(name: String, metric: Metric)]]

  /// Traps if a metric appears under two names.
  public init(_ metrics: [String: Metric]) {
    self.metrics = metrics
    guard Set(metrics.values.map(ObjectIdentifier.init)).count == metrics.count else {
      fail("MetricCollection(_:)", "one metric twice", expected: "each once")
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

  /// Takes a batch.
  public func update(_ predictions: Tensor, _ targets: Tensor) {
    for group in groups {
      group[0].metric.update(predictions, targets)
      for (_, metric) in group.dropFirst() { metric.follow(group[0].metric) }
    }
  }

  /// Takes a batch, and returns the values of this batch alone.
  public func callAsFunction(_ predictions: Tensor, _ targets: Tensor) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for group in groups {
      let batch = withoutGradients { group[0].metric.measure(predictions, targets) }
      group[0].metric.add(batch)
      for (name, metric) in group {
        if metric !== group[0].metric { metric.follow(group[0].metric) }
        result[name] = metric.value(of: batch)
      }
    }
    return result
  }

  /// The values over all batches since the last reset.
  public func compute() -> [String: Tensor] { metrics.mapValues { $0.compute() } }

  /// Forgets all batches.
  public func reset() {
    for metric in metrics.values { metric.reset() }
  }

  /// The states of all metrics, as `name.state`.
  public var state: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (name, metric) in metrics {
      for (key, tensor) in metric.state { result["\(name).\(key)"] = tensor }
    }
    return result
  }

  /// Restores what ``state`` returned; throws ``MetricStateError`` if it does not match.
  public func restore(_ state: [String: Tensor]) throws {
    for (name, metric) in metrics {
      let prefix = name + "."
      let own = state.filter { $0.key.hasPrefix(prefix) }
      try metric.restore(
        Dictionary(
          uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }))
    }
  }
}

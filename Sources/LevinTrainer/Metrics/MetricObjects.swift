internal import LevinMetrics
internal import LevinNN
internal import LevinTensor

/// The metric objects that a module and its children keep in stored properties, by their paths: `accuracy`,
/// `metrics.f1`.
///
/// A checkpoint saves their states, since a metric may stand in the middle of an epoch.
struct MetricObjects {
  private var metrics: [(path: String, metric: any LoggableMetric)] = []

  init(of module: Module) {
    for (name, part) in module.namedModules {
      let prefix = name.isEmpty ? "" : name + "."
      var mirror: Mirror? = Mirror(reflecting: part)
      while let current = mirror {
        for case (let member?, let value) in current.children { add(value, prefix + member) }
        mirror = current.superclassMirror
      }
    }
  }

  private mutating func add(_ value: Any, _ path: String) {
    switch value {
    case let collection as MetricCollection: add(collection.metrics, path)
    case let metric as any LoggableMetric: metrics.append((path, metric))
    case let list as [any LoggableMetric]:
      for (index, metric) in list.enumerated() { metrics.append(("\(path).\(index)", metric)) }
    case let list as [String: any LoggableMetric]: add(list, path)
    default: break
    }
  }

  private mutating func add(_ list: [String: any LoggableMetric], _ path: String) {
    for (key, metric) in list.sorted(by: { $0.key < $1.key }) {
      metrics.append(("\(path).\(key)", metric))
    }
  }

  subscript(path: String) -> (any LoggableMetric)? { metrics.first { $0.path == path }?.metric }

  func path(of metric: any LoggableMetric) -> String? {
    metrics.first { $0.metric === metric }?.path
  }

  /// The states of all metrics that have taken a batch.
  var states: [String: [String: Tensor]] {
    Dictionary(
      metrics.filter { $0.metric.updateCount > 0 }.map { ($0.path, $0.metric.state) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Restores ``states``; metrics that are not in it begin anew.
  func restore(_ states: [String: [String: Tensor]]) throws {
    for (path, metric) in metrics {
      if let state = states[path] { try metric.loadState(state) } else { metric.reset() }
    }
  }
}

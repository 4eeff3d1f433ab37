internal import LevinMetrics

/// What a module logs in one loop: training, validation or test.
///
/// Metrics are found by position: the n-th call of `log` in a hook nearly always names the same metric as the n-th
/// call the last time, so a call costs one comparison of names and no lookup.
final class LoggedMetrics {
  private var metrics: [LoggedMetric] = []
  /// The indices of the metrics of each hook, in the order of their calls.
  private var places = [[Int]](repeating: [], count: HookName.allCases.count)
  private let live: LiveMetrics
  /// Whether any metric of an evaluation is logged at every step.
  private(set) var hasStepMetrics = false

  init(live: LiveMetrics) { self.live = live }

  /// Takes in one value.
  ///
  /// `call` is the number of the call in this hook; it is incremented.
  func log(
    _ name: String, _ value: LoggedValue, in hook: HookName, loader: Int?, call: inout Int,
    batchSize: Int, arguments: LoggedMetric.Arguments
  ) throws(LoggingError) {
    let place = places[hook.rawValue]
    func isWanted(_ index: Int) -> Bool {
      metrics[index].loader == loader && metrics[index].name == name
    }
    var index: Int?
    if call < place.count, isWanted(place[call]) {
      index = place[call]
    } else {
      index = place.first(where: isWanted)
    }
    call += 1
    if let index {
      guard metrics[index].arguments == arguments, metrics[index].fits(value) else {
        throw LoggingError(name: name, hook: "\(hook)", problem: .differentArguments)
      }
      metrics[index].add(value, weight: batchSize, live: live)
      return
    }
    if let problem = LoggingError.Problem(ofName: name) {
      throw LoggingError(name: name, hook: "\(hook)", problem: problem)
    }
    var metric = LoggedMetric(name, hook: hook, loader: loader, arguments: arguments)
    metric.add(value, weight: batchSize, live: live)
    places[hook.rawValue].append(metrics.count)
    metrics.append(metric)
    hasStepMetrics = hasStepMetrics || arguments.onStep
  }

  /// Begins an epoch: sums start over.
  func beginEpoch() {
    for index in metrics.indices { metrics[index].beginEpoch() }
  }

  /// Ends an epoch: sums become values.
  func endEpoch() throws(LoggingError) {
    for index in metrics.indices { try metrics[index].endEpoch(live: live) }
  }

  /// The latest values of metrics that are logged by step, for loggers; of one loader in an evaluation.
  func stepValues(ofLoader loader: Int? = nil) -> [(name: String, value: Double)] {
    metrics.compactMap { metric in
      guard metric.arguments.onStep, metric.arguments.logger,
        loader == nil || metric.loader == nil || metric.loader == loader
      else { return nil }
      return metric.stepValue.map { (metric.stepName, $0) }
    }
  }

  /// The values of the epoch that just ended, for loggers.
  var epochValues: [(name: String, value: Double)] {
    metrics.flatMap { metric in
      metric.arguments.logger && metric.hasEpochSum ? metric.epochValues : []
    }
  }

  /// The values of the epoch, for the caller of an evaluation: for each loader its own, and those of no loader.
  func results(loaderCount: Int) -> [[(name: String, value: Double)]] {
    (0..<loaderCount).map { loader in
      metrics.flatMap { metric in
        metric.loader == nil || metric.loader == loader ? metric.epochValues : []
      }
    }
  }

  /// The names that are known, as callbacks read them.
  var names: [String] { metrics.map(\.name) }

  /// Adds the values that callbacks read: those of the last step and the last epoch, and the newer of the two under
  /// the bare name.
  func addReadable(to values: inout [String: Double]) {
    for metric in metrics {
      if let value = metric.stepValue { values[metric.stepName] = value }
      for (name, value) in metric.epochValues { values[name] = value }
      let newer = metric.isEpochValueNewer ? metric.epochValue : metric.stepValue
      if let value = newer ?? metric.epochValue { values[metric.bareName] = value }
    }
  }

  /// Forgets the batches of all metric objects, as after the sanity check.
  func resetObjects() {
    for index in metrics.indices { metrics[index].object?.reset() }
  }
}

extension LoggedMetrics {
  func saved(_ objects: MetricObjects) -> [LoggedMetric.Saved] { metrics.map { $0.saved(objects) } }

  /// Restores what ``saved(_:)`` returned.
  func restore(_ saved: [LoggedMetric.Saved], _ objects: MetricObjects) {
    metrics = saved.compactMap { LoggedMetric($0, objects) }
    places = [[Int]](repeating: [], count: HookName.allCases.count)
    for (index, metric) in metrics.enumerated() { places[metric.hook.rawValue].append(index) }
    hasStepMetrics = metrics.contains { $0.arguments.onStep }
  }
}

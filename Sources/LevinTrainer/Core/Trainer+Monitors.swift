internal import LevinOptimizers

extension Trainer {
  /// Throws if two callbacks would save their state under one key.
  func checkStateKeys(_ callbacks: [Callback]) throws {
    var keys: Set<String> = []
    for callback in callbacks where try callback.state() != nil {
      guard !keys.insert(callback.stateKey).inserted else { continue }
      throw TrainerError.configuration(
        key: "callbacks", found: "two callbacks with the state key \(callback.stateKey)",
        expected: "callbacks whose options differ, or a stateKey of your own for each")
    }
  }

  /// Throws if a callback or a scheduler follows a metric that no validation logs, with the names there are.
  ///
  /// The sanity check has logged what a validation logs, so a name that begins as those do (`val/`, `val_`) but is not
  /// among them will never have a value. Metrics of the training are not known yet.
  func checkMonitors(_ schedulers: [LearningRateScheduler], against metrics: LoggedMetrics) throws {
    let names = Set(metrics.names)
    func isOfValidation(_ name: String) -> Bool {
      guard let end = name.firstIndex(where: { $0 == "/" || $0 == "_" }) else { return false }
      return names.contains { $0.hasPrefix(name[...end]) }
    }
    let followers =
      callbacks.map { ("\(type(of: $0))", $0.monitoredMetric) }
      + schedulers.map { ("\(type(of: $0))", $0.isStrict ? $0.monitor : nil) }
    for case (let follower, let name?) in followers
    where !names.contains(name) && isOfValidation(name) {
      throw TrainerError.unknownMetric(name: name, callback: follower, known: names.sorted())
    }
  }
}

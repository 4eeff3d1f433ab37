internal import LevinSystem

extension SummaryWriter {
  /// Adds the hyperparameters of this run for the HParams tab, in this run's own file: its scalars are the metrics.
  public func startSession(
    _ hyperparameters: KeyValuePairs<String, HyperparameterValue>, wallTime: Double? = nil
  ) {
    startSession(Array(hyperparameters).map { ($0.key, $0.value) }, wallTime: wallTime)
  }

  /// Adds the hyperparameters of this run for the HParams tab, in this run's own file: its scalars are the metrics.
  ///
  /// - Parameter metrics: The tags that get a column in the tab; TensorBoard applies one run's choice to all. nil:
  ///   every scalar of every run.
  public func startSession(
    _ hyperparameters: [(name: String, value: HyperparameterValue)], metrics: [String]? = nil,
    wallTime: Double? = nil
  ) {
    let now = Self.time(wallTime)
    if let metrics {
      addSession(
        "experiment",
        HyperparameterEncoder.experiment(hyperparameters, metrics: metrics, domains: [:]), 0, now)
    }
    addSession(
      "session_start_info", HyperparameterEncoder.sessionStart(hyperparameters, startTime: now), 0,
      now)
  }

  /// Records how this run ended.
  public func endSession(_ status: LoggedHyperparameters.Status, wallTime: Double? = nil) {
    let now = Self.time(wallTime)
    addSession("session_end_info", HyperparameterEncoder.sessionEnd(status, endTime: now), 0, now)
  }

  /// Adds hyperparameters with the resulting metrics, in their own run below this one.
  ///
  /// This is what PyTorch's `add_hparams` writes, except that booleans stay booleans. Returns when all is on the
  /// disk. Throws ``EventWriterError`` if the run's folder cannot be created or its file cannot be written; traps for
  /// a domain of an unknown hyperparameter, or of another type.
  ///
  /// - Parameters:
  ///   - domains: All values that a hyperparameter may have.
  ///   - runName: The folder below this run's; if nil, the current time.
  public func addHyperparameters(
    _ hyperparameters: KeyValuePairs<String, HyperparameterValue>,
    metrics: KeyValuePairs<String, Double>, domains: [String: [HyperparameterValue]] = [:],
    runName: String? = nil, step: Int = 0, wallTime: Double? = nil
  ) throws {
    let list = Array(hyperparameters).map { (name: $0.key, value: $0.value) }
    check(domains, of: list)
    // A sweep creates a run each time; none keeps a thread and an open file.
    let name = runName ?? "\(Clock.wallTime)"
    let writer = try SummaryWriter(directory: directory + "/" + name)
    let experiment = HyperparameterEncoder.experiment(
      list, metrics: metrics.map(\.key), domains: domains)
    writer.addSession("experiment", experiment, step, wallTime)
    writer.addSession(
      "session_start_info", HyperparameterEncoder.sessionStart(list, startTime: 0), step, wallTime)
    writer.addSession(
      "session_end_info", HyperparameterEncoder.sessionEnd(.success, endTime: 0), step, wallTime)
    for (name, value) in metrics { writer.addScalar(name, value, step: step, wallTime: wallTime) }
    try writer.close()
  }

  private func check(
    _ domains: [String: [HyperparameterValue]],
    of hyperparameters: [(name: String, value: HyperparameterValue)]
  ) {
    for (name, domain) in domains {
      let types = Set(hyperparameters.filter { $0.name == name }.map(\.value.typeName))
      guard types.count == 1, Set(domain.map(\.typeName)).isSubset(of: types) else {
        refuse(
          "addHyperparameters", name, found: "the domain \(domain) for \(types.first ?? "nothing")",
          expected: "values of the type of the hyperparameter of this name")
      }
    }
  }

  private func addSession(_ name: String, _ content: [UInt8], _ step: Int, _ wallTime: Double?) {
    add(
      "_hparams_/" + name, .none, SummaryMetadata(plugin: "hparams", content: content), step,
      wallTime)
  }
}

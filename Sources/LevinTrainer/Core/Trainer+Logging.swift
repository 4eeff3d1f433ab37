extension Trainer {
  /// Writes metrics to the logger at `step`, together with the epoch.
  ///
  /// A metric named `step` sets the step. Numbers are in single precision, as tensors are, unless the trainer computes
  /// in double precision.
  ///
  /// - Parameter isOfEpoch: Whether the values are those of an epoch, for which ``TrainerConfiguration/xAxis`` counts.
  func log(
    _ metrics: [(name: String, value: Double)], step: Int, addsEpoch: Bool = true,
    isOfEpoch: Bool = false
  ) {
    guard !metrics.isEmpty else { return }
    var metrics = metrics
    if configuration.precision == .float32 {
      // A step may be larger than what single precision counts.
      for index in metrics.indices where metrics[index].name != "step" {
        metrics[index].value = Double(Float(metrics[index].value))
      }
    }
    // A name that was logged in several hooks has one point: the last.
    for index in metrics.indices.reversed()
    where metrics[(index + 1)...].contains(where: { $0.name == metrics[index].name }) {
      metrics.remove(at: index)
    }
    var step = isOfEpoch && configuration.xAxis == .epoch ? currentEpoch : step
    if let index = metrics.firstIndex(where: { $0.name == "step" }) {
      step = Int(exactly: metrics[index].value.rounded()) ?? step
      metrics.remove(at: index)
    } else if addsEpoch {
      metrics.append(("epoch", Double(currentEpoch)))
    }
    profiled(.logMetrics) { context.logger.logMetrics(metrics, step: step) }
  }

  /// Whether metrics are written anywhere.
  var hasLogger: Bool { logger != nil }

  /// Whether the metrics of the next training step will be written.
  var logsNextStep: Bool {
    let interval = configuration.logEveryNSteps
    return interval > 0 && (context.state.batchesThatStepped + 1) % interval == 0
  }

  /// Whether the metrics of the training step that just ended are written; false in the middle of a window of accumulation.
  var logsThisStep: Bool {
    let interval = configuration.logEveryNSteps
    return interval > 0 && context.state.batchesThatStepped % interval == 0
      && activeFit?.isBetweenSteps == true
  }

  /// The x-axis of the last training step's metrics.
  var lastStep: Int { max(context.state.batchesThatStepped - 1, 0) }

  /// Writes values of a callback at the next step, without the epoch.
  func logFromCallback(_ values: [(name: String, value: Double)]) {
    guard !values.isEmpty else { return }
    for (name, value) in values { callbackValues[name] = value }
    context.logger.logMetrics(values, step: context.state.batchesThatStepped)
  }

  /// Prints a line about this run, and keeps it in the run's record.
  package func note(_ line: String) { currentRun.note(line) }

  /// Prints the metrics of an evaluation as a table sorted by name, with a column for each loader.
  func printResults(_ results: [[String: Double]], title: String) {
    guard results.contains(where: { !$0.isEmpty }) else { return }
    Terminal.print(
      ResultsTable.text(
        title: title, results, width: Terminal.layoutWidth, box: Terminal.isInteractive))
  }
}

internal import LevinSystem

extension Trainer {
  /// Calls a hook of the callbacks and then of the module.
  @inline(__always)
  func call(
    _ hook: Hook, callbacks body: (Callback) throws -> Void, module: () throws -> Void
  ) throws {
    context.enter(hook)
    for callback in callbacks { try body(callback) }
    try module()
    try context.check()
  }

  /// Calls a hook that only callbacks have.
  @inline(__always)
  func callCallbacks(_ hook: Hook, _ body: (Callback) throws -> Void) throws {
    context.enter(hook)
    for callback in callbacks { try body(callback) }
    try context.check()
  }

  /// Calls a hook that only modules have.
  @inline(__always)
  func callModule<Result>(_ hook: Hook, _ body: () throws -> Result) throws -> Result {
    context.enter(hook)
    let result = try body()
    try context.check()
    return result
  }

  /// Calls a step of the module.
  @inline(__always)
  func callStep<Result>(_ hook: Hook, _ body: () throws -> Result) throws -> Result {
    try located { try callModule(hook, body) }
  }

  /// Remembers where the loops were when `body` threw, for the message that ends a ``Program``.
  @inline(__always)
  func located<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      if let place = progress.place { Program.note(error, at: place) }
      throw error
    }
  }

  /// Writes metrics to the logger at `step`, together with the epoch.
  ///
  /// A metric named `step` sets the step.
  func log(_ metrics: [(name: String, value: Double)], step: Int, addsEpoch: Bool = true) {
    guard !metrics.isEmpty else { return }
    var metrics = metrics
    var step = step
    if let index = metrics.firstIndex(where: { $0.name == "step" }) {
      step = Int(exactly: metrics[index].value.rounded()) ?? step
      metrics.remove(at: index)
    } else if addsEpoch {
      metrics.append(("epoch", Double(currentEpoch)))
    }
    context.logger.logMetrics(metrics, step: step)
  }

  /// Whether metrics are written anywhere.
  var hasLogger: Bool { logger != nil }

  /// Whether the metrics of the next training step will be written.
  var logsNextStep: Bool {
    let interval = configuration.logEveryNSteps
    return interval > 0 && (context.state.batchesThatStepped + 1) % interval == 0
  }

  /// Writes values of a callback at the next step, without the epoch.
  func logFromCallback(_ values: [(name: String, value: Double)]) {
    for (name, value) in values { callbackValues[name] = value }
    log(values, step: context.state.batchesThatStepped, addsEpoch: false)
  }

  /// Throws if the run was asked to stop.
  @inline(__always)
  func checkStop() throws {
    if isAskedToStop { throw StopRequested() }
  }

  @inline(__always)
  var isAskedToStop: Bool { StopSignals.pending != nil || cancellation.isSet }
}

/// Unwinds the loops when the run was asked to stop.
struct StopRequested: Error {
  /// Whether everything was already done and saved.
  var isFinished = false
  var cause: RunInterrupted.Cause {
    StopSignals.pending.map { .signal($0) } ?? .cancellation
  }
}

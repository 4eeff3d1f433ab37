internal import LevinData
internal import LevinNN
internal import LevinSystem
internal import LevinTensor

/// How a stage begins and ends, whatever the cause.
extension Trainer {
  /// Runs one stage: its checks, its loops, and its end.
  func run<Batch>(
    _ stage: Stage, _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>,
    _ body: () async throws -> Void
  ) async throws {
    try begin(stage, module)
    defer { leave() }
    do {
      try await FailureHook.$current.withValue(failureHook) {
        try await withTaskCancellationHandler {
          try await prepare(stage, module, data)
          try await body()
        } onCancel: { [cancellation] in
          cancellation.isSet = true
        }
        try tearDown(stage, data)
      }
      try close()
    } catch {
      throw ended(by: error, module, data)
    }
  }

  func begin<Batch>(_ stage: Stage, _ module: LightningModule<Batch>) throws {
    guard self.stage == nil else { throw TrainerError.isRunning }
    try configuration.check()
    try checkStateKeys(callbacks)
    if !module.automaticOptimization {
      if configuration.accumulateGradBatches > 1 {
        throw TrainerError.notManual(key: "accumulate_grad_batches")
      }
      if configuration.gradientClipVal ?? 0 > 0 {
        throw TrainerError.notManual(key: "gradient_clip_val")
      }
    }
    self.stage = stage
    (shouldStop, stoppingReason) = (false, nil)
    (module.trainer, module.context, self.module) = (self, context, module)
    liveMetrics.removeAll()
    callbackValues = [:]
    currentRun.begin(stage)
    profiling?.begin(self, stage)
    trainingMetrics = LoggedMetrics(live: liveMetrics)
    validationMetrics = LoggedMetrics(live: liveMetrics)
    testMetrics = LoggedMetrics(live: liveMetrics)
    context.outputs = []
    cancellation.isSet = false
    if let threads = configuration.threads { Machine.setThreadCount(threads) }
    if configuration.precision == .float64 { module.to(.float64) }
    try strategy.setUp()
    if configuration.fastDevRun.isOn {
      let count = configuration.fastDevRun.batches
      Terminal.print(
        "fast_dev_run: \(count) \(count == 1 ? "batch" : "batches") of each loop, without a logger or "
          + "checkpoints.")
    }
  }

  /// Calls the hooks that come before the loops of every stage.
  func prepare<Batch>(
    _ stage: Stage, _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>
  ) async throws {
    context.metrics = nil
    let more = try run(.configureCallbacks) { module.configureCallbacks() }
    let new = more.filter { callback in !callbacks.contains { $0 === callback } }
    try checkStateKeys(callbacks + new)
    callbacks = Self.sorted(callbacks + new)
    try await data.prepareData()
    try await module.prepareData()
    try run(.setup) { try data.setup(stage: stage) }
    try run(.setup, stage)
    try run(.configureModel) { try module.configureModel() }
    layerNames.set(
      Dictionary(
        module.namedModules.map { (ObjectIdentifier($0.module), $0.name) },
        uniquingKeysWith: { first, _ in first }))
    // Until here a signal ends the process immediately: there is nothing to save, and a download may take long.
    StopSignals.hold()
    holdsSignals = true
  }

  func tearDown<Batch>(_ stage: Stage, _ data: LightningDataModule<Batch>) throws {
    context.metrics = nil
    try run(.teardown) { try data.teardown(stage: stage) }
    try run(.teardown, stage)
  }

  func close() throws {
    try currentRun.finish(.finished, step: globalStep)
    try logger?.finalize(.finished)
    try profiling?.end(self)
    // A signal that came after the last batch stops whatever would come next; everything is saved.
    if isAskedToStop { throw StopRequested(isFinished: true) }
  }

  func leave() {
    layerNames.set([:])
    progress.enter(.idle)
    // Where the stage ended by an error, that one is thrown.
    try? profiling?.end(self)
    context.metrics = nil
    (activeFit, estimateSteps, optimization) = (nil, nil, nil)
    (runTrial, dataModule, isResuming) = (nil, nil, false)
    stage = nil
    if holdsSignals { StopSignals.release() }
    holdsSignals = false
  }

  /// Closes a run that an error ended, and returns the error to throw.
  func ended<Batch>(
    by error: any Error, _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>
  ) -> any Error {
    var error = error
    if let stop = error as? StopRequested { error = interrupted(stop) }
    if let file = error as? FileError { error = named(file) }
    let status: RunStatus = error is RunInterrupted ? .interrupted : .failed
    for callback in callbacks { callback.onException(self, module, error) }
    data.onException(error)
    // The first error is the one to report; a failure to close the files would hide it.
    try? currentRun.finish(status, step: globalStep)
    try? logger?.finalize(status)
    return error
  }

  /// Saves the state of an interrupted training, and returns the error that says where it is.
  private func interrupted(_ stop: StopRequested) -> any Error {
    let callback = callbacks.last { $0 is ModelCheckpoint } as? ModelCheckpoint
    var path: String?
    var continuation: String?
    if stop.isFinished {
      path = savesCheckpoints ? callback?.newestPath : nil
    } else if activeFit != nil, savesCheckpoints, globalStep > 0 {
      do {
        StopSignals.beginSaving()
        path = try callback?.saveInterrupted(self)
      } catch {
        return error
      }
      continuation = path.map { path in
        commandToResume?(path)
          ?? "try await trainer.fit(model, dataModule: data, checkpointPath: \"\(path)\")"
      }
    }
    return RunInterrupted(
      cause: stop.cause, epoch: currentEpoch, globalStep: globalStep, checkpointPath: path,
      continuation: continuation)
  }

  /// Called for a wrong shape or the like in this run, before the process ends: saves what was logged, and says where
  /// the run was.
  ///
  /// In a ``Program`` this becomes its one error message; elsewhere the trap follows.
  var failureHook: FailureHook {
    let (progress, flush, layerNames) = (progress, logger?.emergencyFlush, layerNames)
    let markFailed = currentRun.folder?.markFailed
    return FailureHook { message in
      Terminal.endPainting()
      flush?()
      markFailed?()
      // Layers name their path themselves; operations of LevinTensor do not.
      let layer = Scopes.current.reversed().lazy.compactMap { layerNames[$0] }
        .first { !$0.isEmpty }.flatMap { message.contains("\"\($0)\"") ? nil : $0 }
      let place = [progress.place, layer].compactMap { $0 }.map { $0 + ":" }.joined(separator: " ")
      guard Program.isRunning else {
        // The trap prints the message after this line.
        if !place.isEmpty { Terminal.printError(place) }
        return
      }
      Terminal.printError(place.isEmpty ? "error: \(message)" : "error: \(place) \(message)")
      CurrentProcess.exit(1)
    }
  }

  /// The error with the name of the option that chooses the folder, if it is about one of the trainer's folders.
  private func named(_ error: FileError) -> FileError {
    var error = error
    let root = configuration.defaultRootDir ?? currentRun.parent
    if error.path.hasPrefix(root) || error.path.hasPrefix("./checkpoints") {
      error.setting = "trainer.default_root_dir"
    }
    return error
  }
}

// MARK: Stopping

extension Trainer {
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

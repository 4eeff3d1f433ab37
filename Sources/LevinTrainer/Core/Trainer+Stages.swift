internal import LevinTensor

extension Trainer {
  /// Runs one stage: checks, the loops, the end, whatever it is.
  func run<Batch>(
    _ stage: Stage, _ module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>,
    _ body: () async throws -> Void
  ) async throws {
    guard self.stage == nil else { throw TrainerError.isRunning }
    try configuration.check()
    self.stage = stage
    shouldStop = false
    module.trainer = self
    module.context = context
    liveMetrics.removeAll()
    callbackValues = [:]
    (source, loadedHashes) = (nil, [:])
    trainingMetrics = MetricCollection(live: liveMetrics)
    validationMetrics = MetricCollection(live: liveMetrics)
    testMetrics = MetricCollection(live: liveMetrics)
    setFailureHook()
    defer {
      ShapeChecks.setFailureHook(nil)
      progress.enter(.idle)
      context.metrics = nil
      activeFit = nil
      notes = []
      self.stage = nil
      if holdsSignals { StopSignals.release() }
      holdsSignals = false
    }
    cancellation.isSet = false
    do {
      try await withTaskCancellationHandler {
        try await body()
      } onCancel: { [cancellation] in
        cancellation.isSet = true
      }
      context.metrics = nil
      try callModule(.teardown) { try dataModule.teardown(stage: stage) }
      try call(
        .teardown, callbacks: { try $0.teardown(self, module, stage: stage) },
        module: { try module.teardown(stage: stage) })
      try finishRecord(.finished)
      try logger?.finalize(.finished)
      // A signal that came after the last batch stops what would come next.
      try checkStop()
    } catch {
      throw ended(by: error, module, dataModule)
    }
  }

  /// Closes a run that an error ended, and gives the error to throw.
  private func ended<Batch>(
    by error: any Error, _ module: LightningModule<Batch>,
    _ dataModule: LightningDataModule<Batch>
  ) -> any Error {
    var error = error
    if let stop = error as? StopRequested { error = interrupted(stop.cause) }
    let status: RunStatus = error is RunInterrupted ? .interrupted : .failed
    for callback in callbacks { callback.onException(self, module, error) }
    dataModule.onException(error)
    // The first error is the one to tell; that the files cannot be closed either would hide it.
    if record?.status == .running { try? finishRecord(status) }
    try? logger?.finalize(status)
    return error
  }

  /// Saves what an interrupted training has come to.
  private func interrupted(_ cause: RunInterrupted.Cause) -> any Error {
    let callback = callbacks.last { $0 is ModelCheckpoint } as? ModelCheckpoint
    var path: String?
    if activeFit != nil, savesCheckpoints, globalStep > 0 {
      do {
        path = try callback?.saveInterrupted(self)
      } catch {
        return error
      }
    }
    let continuation = path.map { path in
      commandToResume?(path)
        ?? "try await trainer.fit(model, dataModule: data, checkpointPath: \"\(path)\")"
    }
    return RunInterrupted(
      cause: cause, epoch: currentEpoch, globalStep: globalStep, checkpointPath: path,
      continuation: continuation)
  }

  /// The hooks of every stage before its loops.
  func prepare<Batch>(
    _ stage: Stage, _ module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>
  ) async throws {
    context.metrics = nil
    let more = try callModule(.configureCallbacks) { module.configureCallbacks() }
    let new = more.filter { callback in !callbacks.contains { $0 === callback } }
    callbacks = Self.checkpointsLast(callbacks + new)
    try await dataModule.prepareData()
    try await module.prepareData()
    try callModule(.setup) { try dataModule.setup(stage: stage) }
    try call(
      .setup, callbacks: { try $0.setup(self, module, stage: stage) },
      module: { try module.setup(stage: stage) })
    try callModule(.configureModel) { try module.configureModel() }
    // Until here a signal ends the process at once: there is nothing to save, and a download may take long.
    StopSignals.hold()
    holdsSignals = true
  }

  /// When a shape is wrong, the process ends; before it does, save what was logged and say where the training
  /// stood.
  ///
  /// A ``Program`` ends with that as its one error; elsewhere the trap follows.
  private func setFailureHook() {
    let (progress, flush) = (progress, logger?.emergencyFlush)
    let markFailed = logger?.runFolder?.markFailed
    ShapeChecks.setFailureHook { message in
      flush?()
      markFailed?()
      guard Program.isRunning else { return Platform.printError("\(progress.place):") }
      Platform.printError("error: \(progress.place): \(message)")
      Platform.exit(1)
    }
  }
}

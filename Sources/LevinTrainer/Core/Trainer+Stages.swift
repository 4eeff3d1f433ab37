internal import LevinNN
internal import LevinSystem
internal import LevinTensor

extension Trainer {
  /// Runs one stage: its checks, its loops, and its end, whatever the cause.
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
    if configuration.fastDevRun > 0 {
      let count = configuration.fastDevRun
      Terminal.print(
        "fast_dev_run: \(count) \(count == 1 ? "batch" : "batches") of each loop, without a logger or "
          + "checkpoints.")
    }
    defer {
      layerNames.set([:])
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
      try await FailureHook.$current.withValue(failureHook) {
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
      }
      try finishRecord(.finished)
      try logger?.finalize(.finished)
      // A signal that came after the last batch stops whatever would come next; everything is saved.
      if isAskedToStop { throw StopRequested(isFinished: true) }
    } catch {
      throw ended(by: error, module, dataModule)
    }
  }

  /// Closes a run that an error ended, and returns the error to throw.
  private func ended<Batch>(
    by error: any Error, _ module: LightningModule<Batch>,
    _ dataModule: LightningDataModule<Batch>
  ) -> any Error {
    var error = error
    if let stop = error as? StopRequested { error = interrupted(stop) }
    if let file = error as? FileError { error = named(file) }
    let status: RunStatus = error is RunInterrupted ? .interrupted : .failed
    for callback in callbacks { callback.onException(self, module, error) }
    dataModule.onException(error)
    // The first error is the one to report; a failure to close the files would hide it.
    if record?.status == .running { try? finishRecord(status) }
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

  /// Calls the hooks that come before the loops of every stage.
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
    layerNames.set(
      Dictionary(
        module.namedModules.map { (ObjectIdentifier($0.module), $0.name) },
        uniquingKeysWith: { first, _ in first }))
    // Until here a signal ends the process immediately: there is nothing to save, and a download may take long.
    StopSignals.hold()
    holdsSignals = true
  }

  /// Called for a wrong shape or the like in this run, before the process ends: saves what was logged, and says where
  /// the run was.
  ///
  /// In a ``Program`` this becomes its one error message; elsewhere the trap follows.
  private var failureHook: FailureHook {
    let (progress, flush, layerNames) = (progress, logger?.emergencyFlush, layerNames)
    let markFailed = logger?.runFolder?.markFailed
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
    let root = configuration.defaultRootDir ?? versionsFolder
    if error.path.hasPrefix(root) || error.path.hasPrefix("./checkpoints") {
      error.setting = "trainer.default_root_dir"
    }
    return error
  }
}

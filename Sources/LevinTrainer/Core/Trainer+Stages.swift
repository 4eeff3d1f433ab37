internal import LevinNN
internal import LevinSystem
internal import LevinTensor

extension Trainer {
  /// Runs one stage: its checks, its loops, and its end, by whatever cause.
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
        "fast_dev_run: \(count) \(count == 1 ? "batch" : "batches") of each loop, without logger and "
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
      // A signal that came after the last batch stops what would come next; everything is saved.
      if isAskedToStop { throw StopRequested(isFinished: true) }
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
    if let stop = error as? StopRequested { error = interrupted(stop) }
    if let file = error as? FileError { error = named(file) }
    let status: RunStatus = error is RunInterrupted ? .interrupted : .failed
    for callback in callbacks { callback.onException(self, module, error) }
    dataModule.onException(error)
    // The first error is the one to tell; that the files cannot be closed either would hide it.
    if record?.status == .running { try? finishRecord(status) }
    try? logger?.finalize(status)
    return error
  }

  /// Saves the state of an interrupted training, and returns the error that tells where.
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
    layerNames.set(
      Dictionary(
        module.namedModules.map { (ObjectIdentifier($0.module), $0.name) },
        uniquingKeysWith: { first, _ in first }))
    // Until here a signal ends the process at once: there is nothing to save, and a download may take long.
    StopSignals.hold()
    holdsSignals = true
  }

  /// What is done when a shape is wrong in this run, before the process ends: what it logged is saved, and where it stood
  /// is said.
  ///
  /// A ``Program`` ends with that as its one error; elsewhere the trap follows.
  private var failureHook: FailureHook {
    let (progress, flush, layerNames) = (progress, logger?.emergencyFlush, layerNames)
    let markFailed = logger?.runFolder?.markFailed
    return FailureHook { message in
      Terminal.endPainting()
      flush?()
      markFailed?()
      // Layers say their path themselves; operations of LevinTensor do not.
      let layer = Scopes.current.reversed().lazy.compactMap { layerNames[$0] }
        .first { !$0.isEmpty }.flatMap { message.contains("\"\($0)\"") ? nil : $0 }
      let place = [progress.place, layer].compactMap { $0 }.joined(separator: ": ")
      guard Program.isRunning else { return Terminal.printError("\(place):") }
      Terminal.printError("error: \(place): \(message)")
      CurrentProcess.exit(1)
    }
  }

  /// The error with the name of the option that chooses the folder, if it is about a folder of the trainer's own.
  private func named(_ error: FileError) -> FileError {
    var error = error
    let root = configuration.defaultRootDir ?? versionsFolder
    if error.path.hasPrefix(root) || error.path.hasPrefix("./checkpoints") {
      error.setting = "trainer.default_root_dir"
    }
    return error
  }
}

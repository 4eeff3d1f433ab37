internal import LevinData
internal import LevinOptimizers
internal import LevinTensor

extension Trainer {
  /// Trains `module` on the data of `dataModule`, with a validation after each epoch if there is a loader for it.
  ///
  /// - Parameter checkpointPath: A checkpoint to resume from, bit for bit as if the training had not stopped: a path,
  ///   `last` (the newest one of the highest version that has any) or `best`. A run below the same root continues in
  ///   its folder.
  /// - Throws: ``RunInterrupted`` if the run was stopped; ``TrainerError``, ``CheckpointError`` and
  ///   ``LoggingError``; errors of steps, hooks, loaders and the file system.
  public func fit<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>,
    checkpointPath: String? = nil
  ) async throws {
    try await run(.fit, module, dataModule) {
      try await prepare(.fit, module, dataModule)
      var point: ResumePoint?
      var checkpoint: Checkpoint?
      if let checkpointPath {
        let (loaded, path) = try load(checkpointPath, into: module)
        point = try startingPoint(loaded, path: path)
        checkpoint = loaded
        continueRun(of: path)
      }
      firstStep = point?.loop.globalStep ?? globalStep
      finishedEpochs = point?.loop.epoch ?? currentEpoch
      let optimizers = try callModule(.configureOptimizers) {
        try module.configureOptimizers().optimizers
      }
      guard optimizers.count == 1 else {
        throw TrainerError.optimizerCount(optimizers.count, type: "\(type(of: module))")
      }
      try logger?.runFolder?.checkWritable()
      try check(optimizers, of: module)
      try call(
        .onFitStart, callbacks: { try $0.onFitStart(self, module) },
        module: { try module.onFitStart() })
      let overruled = try checkpoint.map {
        compareSeed($0)
        return compare(
          $0, hyperparameters: try Self.hyperparameters(of: module, dataModule),
          optimizer: optimizers[0])
      }
      try logHyperparameters(module, dataModule, overruled: overruled ?? [])
      if let checkpoint, let path = source?.path {
        try restore(checkpoint, optimizers: optimizers, path: path)
        note("Restored all states from \(named(path)).")
      }
      var validationLoader: DataLoader<Batch>?
      let checksSanity = configuration.sanitySteps != 0 && point?.position == nil
      if checksSanity { validationLoader = try sanityCheck(module, dataModule) }
      let trainLoader = try callModule(.dataLoader) { try dataModule.trainDataLoader() }
      if !checksSanity {
        validationLoader = try callModule(.dataLoader) { try dataModule.validationDataLoader() }
      }
      try record(fingerprint: trainLoader.dataset.fingerprint, as: "training")
      try record(fingerprint: validationLoader?.dataset.fingerprint, as: "validation")
      try record(fingerprint: dataModule.testFingerprint, as: "test")
      if let found = point { point = adapted(found, to: trainLoader) }
      let loop = try FitLoop(
        self, module, optimizers: optimizers, trainLoader: trainLoader,
        validationLoader: validationLoader)
      if let point { apply(point) }
      activeFit = loop
      logger?.beginStage(globalStep: globalStep, after: checkpoint?.resumePoint?.loop.mark)
      try loop.run(from: point)
      try call(
        .onFitEnd, callbacks: { try $0.onFitEnd(self, module) },
        module: { try module.onFitEnd() })
    }
    if configuration.enableProgressBar { announceRun() }
  }

  /// Runs some validation batches before the training, and returns their loader.
  ///
  /// Nothing is logged, and the random number generators are restored.
  private func sanityCheck<Batch>(
    _ module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>
  ) throws -> DataLoader<Batch>? {
    let random = Generator.default.state
    let logger = context.logger
    context.logger = MutedLogger()
    isSanityChecking = true
    defer {
      context.logger = logger
      context.metrics = nil
      isSanityChecking = false
    }
    progress.enter(.sanityCheck)
    try callCallbacks(.onSanityCheckStart) { try $0.onSanityCheckStart(self, module) }
    let loader = try callModule(.dataLoader) { try dataModule.validationDataLoader() }
    if let loader {
      let available = try configuration.validationBatches(of: loader.count)
      let steps = configuration.sanitySteps
      let count = steps < 0 ? available : min(steps, available)
      if count > 0 {
        try EvaluationLoop(
          trainer: self, module: module, loader: loader, batchCount: count, kind: .sanityCheck,
          metrics: MetricCollection(live: LiveMetrics())
        ).run()
      }
    }
    try callCallbacks(.onSanityCheckEnd) { try $0.onSanityCheckEnd(self, module) }
    try Generator.default.restore(random)
    return loader
  }

  /// The point at which a training that resumes from `checkpoint` begins.
  private func startingPoint(_ checkpoint: Checkpoint, path: String) throws -> ResumePoint {
    guard var point = checkpoint.resumePoint else {
      throw CheckpointError.weightsOnly(path: path)
    }
    if point.loop.isEpochDone {
      point.loop.epoch += 1
      point.loop.batchesDone = 0
      point.loop.validatedAt = nil
      point.loop.isEpochDone = false
      point.position = nil
    }
    guard let limit = configuration.epochLimit else { return point }
    guard point.loop.epoch <= limit else {
      throw CheckpointError.beyondLimit(
        path: path, epoch: point.loop.epoch - 1, maxEpochs: limit)
    }
    if point.loop.epoch == limit {
      Terminal.print(
        "Nothing to train: the checkpoint is the end of epoch \(limit - 1), the last of "
          + "max_epochs \(limit). Raise trainer.max_epochs to continue.")
    }
    return point
  }

  /// The resume point in the batches of `loader`: if their size differs from the checkpoint's, they begin after the
  /// samples that were trained.
  private func adapted<Batch>(
    _ point: ResumePoint, to loader: DataLoader<Batch>
  ) -> ResumePoint {
    guard let old = point.position?.batchSize, old != loader.batchSize,
      let done = point.position?.batchIndex
    else { return point }
    let (product, overflows) = done.multipliedReportingOverflow(by: old)
    let samples = overflows ? loader.sampleCount : min(product, loader.sampleCount)
    let batches = min((samples + loader.batchSize - 1) / loader.batchSize, loader.count)
    var point = point
    point.position?.batchIndex = batches
    if point.loop.validatedAt == point.loop.batchesDone { point.loop.validatedAt = batches }
    point.loop.batchesDone = batches
    note(
      "The current epoch continues with batches of \(loader.batchSize) instead of \(old): \(samples) of its samples "
        + "have been trained, and batch \(batches) is next.")
    return point
  }

  private func apply(_ point: ResumePoint) {
    context.state = point.loop
    trainingMetrics.restore(point.trainingMetrics)
    validationMetrics.restore(point.validationMetrics)
  }
}

public import LevinData
internal import LevinOptimizers
internal import LevinTensor

extension Trainer {
  /// Trains `module`, with a validation after each epoch if there is a loader for it.
  ///
  /// - Parameters:
  ///   - dataModule: The data; nil: the module has the loaders.
  ///   - checkpointPath: A checkpoint to resume from, bit for bit as if the training had not stopped: a path,
  ///     `last` (the newest one of the highest version that has any) or `best`. A run below the same root continues in
  ///     its folder.
  /// - Throws: ``RunInterrupted`` if the run was stopped; ``TrainerError``, ``CheckpointError`` and
  ///   ``LoggingError``; errors of steps, hooks, loaders and the file system.
  public func fit<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>? = nil,
    checkpointPath: String? = nil
  ) async throws {
    let data = dataModule ?? ModuleData(of: module)
    try await run(.fit, module, data) {
      try train(module, data, checkpointPath)
    }
    if configuration.enableProgressBar { currentRun.announce() }
  }

  /// Trains `module` on the batches of a loader, as ``fit(_:dataModule:checkpointPath:)`` does.
  public func fit<Batch>(
    _ module: LightningModule<Batch>, trainDataLoader: BatchLoader<Batch>,
    validationDataLoaders: [BatchLoader<Batch>], checkpointPath: String? = nil
  ) async throws {
    let data = LoaderDataModule(training: trainDataLoader, validation: validationDataLoaders)
    try await fit(module, dataModule: data, checkpointPath: checkpointPath)
  }

  /// Trains `module` on the batches of a loader, as ``fit(_:dataModule:checkpointPath:)`` does.
  public func fit<Batch>(
    _ module: LightningModule<Batch>, trainDataLoader: BatchLoader<Batch>,
    validationDataLoader: BatchLoader<Batch>? = nil, checkpointPath: String? = nil
  ) async throws {
    try await fit(
      module, trainDataLoader: trainDataLoader,
      validationDataLoaders: validationDataLoader.map { [$0] } ?? [],
      checkpointPath: checkpointPath)
  }

  private func train<Batch>(
    _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>, _ checkpointPath: String?
  ) throws {
    var point: ResumePoint?
    var checkpoint: Checkpoint?
    if let checkpointPath {
      let (loaded, path) = try load(checkpointPath, into: module)
      point = try startingPoint(loaded, path: path)
      checkpoint = loaded
      currentRun.continue(from: path)
      if let state = loaded.resumePoint?.data { try data.restore(state) }
    }
    finishedEpochs = point?.loop.epoch ?? currentEpoch
    estimateSteps = { [unowned self] in estimatedSteppingBatches(data) }
    (dataModule, isResuming) = (data, checkpoint != nil)
    let configured = try configuredOptimization(module)
    optimization = configured
    try currentRun.folder?.checkWritable()
    try check(configured, of: module)
    runTrial = { [unowned self] in try trial(of: module, data, steps: $0, $1) }
    try run(.onFitStart)
    runTrial = nil
    // A callback may have replaced the schedulers.
    let optimization = self.optimization ?? configured
    try describe(module, data, optimization, checkpoint, step: point?.loop.globalStep ?? globalStep)
    if let checkpoint, let path = currentRun.source?.path {
      try restore(checkpoint, optimization, path: path)
      note("Restored all states from \(currentRun.named(path)).")
      if let origin = checkpoint.origin {
        note(
          "\(origin) wrote it, without random numbers, the order of shuffled samples, and the means of a begun epoch: "
            + "these begin anew, as do callbacks other than EarlyStopping, ModelCheckpoint and TrainingTimer."
        )
      }
    }
    try logExampleGraph(of: module)
    var validationLoaders: [BatchLoader<Batch>]?
    if configuration.sanitySteps != 0, point?.position == nil {
      validationLoaders = try keepingRandomNumbers {
        try sanityCheck(module, data, optimization.schedulers)
      }
    }
    let trainLoader = try run(.dataLoader) { try data.trainDataLoader() }
    let validation = try validationLoaders ?? run(.dataLoader) { try data.validationDataLoaders() }
    try currentRun.record(fingerprint: trainLoader.fingerprint, as: "training")
    try currentRun.record(fingerprint: validation.first?.fingerprint, as: "validation")
    try currentRun.record(fingerprint: data.testFingerprint, as: "test")
    if let found = point { point = adapted(found, to: trainLoader) }
    let loop = try FitLoop(
      self, module, data, optimization, trainLoader: trainLoader, validationLoaders: validation)
    if let point { try loop.restore(point) }
    activeFit = loop
    logger?.beginStage(globalStep: globalStep, after: checkpoint?.resumePoint?.loop.mark)
    try loop.run(from: point)
    try run(.onFitEnd)
  }

  /// The optimizers and schedulers that the module wants.
  func configuredOptimization(_ module: LightningModuleBase) throws -> Optimization {
    let wanted = try run(.configureOptimizers) {
      try chosenOptimizers?(module) ?? module.configureOptimizers()
    }
    let optimization = try wanted.optimization(steps: estimatedSteppingBatches)
    let count = optimization.optimizers.count
    guard count > 0 else {
      note("\(type(of: module)).configureOptimizers() returned no optimizer: nothing is trained.")
      return .nothing
    }
    guard count == 1 || (count > 1 && !module.automaticOptimization) else {
      throw TrainerError.optimizerCount(count, type: "\(type(of: module))")
    }
    return optimization
  }

  /// The number of optimizer steps that a training on these data makes at most; nil if there is no end.
  ///
  /// Asks for the loader of the training batches if the number of epochs is the limit.
  private func estimatedSteppingBatches<Batch>(_ data: LightningDataModule<Batch>) -> Int? {
    guard let epochs = configuration.epochLimit else { return configuration.stepLimit }
    guard let loader = try? data.trainDataLoader(),
      let batches = try? configuration.trainBatches(of: loader.batchCount)
    else { return configuration.stepLimit }
    let steps = epochs * ((batches + accumulateGradBatches - 1) / accumulateGradBatches)
    return configuration.stepLimit.map { min($0, steps) } ?? steps
  }

  private func describe<Batch>(
    _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>,
    _ optimization: Optimization, _ checkpoint: Checkpoint?, step: Int
  ) throws {
    let parts = Run.Parts(configuration: configuration, module: module, data: data)
    let overruled = try checkpoint.map {
      currentRun.compareSeed($0)
      return currentRun.compare(
        $0, hyperparameters: try Run.hyperparameters(of: parts),
        optimizer: optimization.optimizers[0])
    }
    try currentRun.describe(parts, to: logger, overruled: overruled ?? [], step: step)
  }

  /// Runs some validation batches before the training, and returns their loaders.
  ///
  /// Nothing is logged.
  private func sanityCheck<Batch>(
    _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>,
    _ schedulers: [LearningRateScheduler]
  ) throws -> [BatchLoader<Batch>] {
    let logger = context.logger
    context.logger = LoggerCollection()
    isSanityChecking = true
    defer {
      context.logger = logger
      context.metrics = nil
      isSanityChecking = false
    }
    progress.enter(.sanityCheck)
    try run(.onSanityCheckStart)
    let loaders = try run(.dataLoader) { try data.validationDataLoaders() }
    let steps = configuration.sanitySteps
    let limits = try loaders.map { loader -> Int? in
      let available = try configuration.validationBatches(of: loader.batchCount)
      return steps < 0 ? available : min(steps, available ?? steps)
    }
    let metrics = LoggedMetrics(live: LiveMetrics())
    let loop = EvaluationLoop(
      self, module, data, loaders: loaders, limits: limits, pass: .sanityCheck, metrics: metrics)
    if loop.hasBatches { try loop.run() }
    metrics.resetObjects()
    if loop.hasBatches { try checkMonitors(schedulers, against: metrics) }
    try run(.onSanityCheckEnd)
    return loaders
  }

  /// The point at which a training that resumes from `checkpoint` begins.
  private func startingPoint(_ checkpoint: Checkpoint, path: String) throws -> ResumePoint {
    guard var point = checkpoint.resumePoint else {
      throw CheckpointError.weightsOnly(path: path)
    }
    if point.loop.isEpochDone {
      point.loop.epoch += 1
      point.loop.beginEpoch()
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
    _ point: ResumePoint, to loader: BatchLoader<Batch>
  ) -> ResumePoint {
    guard let loader = loader as? DataLoader<Batch>, let old = point.position?.batchSize,
      old != loader.batchSize, let done = point.position?.batchIndex
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
}

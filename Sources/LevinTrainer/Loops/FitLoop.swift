internal import LevinData
internal import LevinOptimizers
internal import LevinSystem

/// The epochs of a training.
final class FitLoop<Batch>: ActiveFit {
  let trainer: Trainer
  let module: LightningModule<Batch>
  let data: LightningDataModule<Batch>
  let optimizers: [LightningOptimizer]
  var schedulers: [LearningRateScheduler]
  private(set) var trainLoader: BatchLoader<Batch>
  /// The number of training batches in an epoch; nil if the loader does not know.
  private(set) var batchCount: Int?
  /// The validation; nil if there is none.
  private(set) var validation: EvaluationLoop<Batch>?
  private var validationInterval = ValidationInterval.Resolved.atEnd

  var pass: TrainingPass<Batch>? { didSet { taken = nil } }
  /// The position before the current batch, and the number of batches done before it.
  private(set) var taken: (done: Int, position: LoaderPosition)?
  /// The state of the training before the current validation; an interruption saves it.
  private(set) var beforeValidation: ResumePoint?
  /// The loader that was given for validation but has no batch.
  private var emptyValidation: BatchLoader<Batch>?
  /// nil after the first epoch.
  var watch: FirstEpochWatch?
  var savedState: LoopState?
  /// What schedulers that are not strict follow, but nothing logged.
  var unloggedMonitors: Set<String> = []
  /// The limit of a trial; nil in a training.
  private(set) var trialSteps: Int?
  /// The metric objects that the module keeps.
  let metricObjects: MetricObjects
  /// When the training and its last validation began, and the seconds of earlier runs.
  private var (start, lastValidation) = (Clock.uptime, Clock.uptime)
  private var earlierSeconds = 0.0
  private var (lastReload, lastValidationReload) = (0, 0)

  var validates: Bool { validation != nil }
  var context: LoopContext { trainer.context }
  var configuration: TrainerConfiguration { trainer.configuration }

  init(
    _ trainer: Trainer, _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>,
    _ optimization: Optimization, trainLoader: BatchLoader<Batch>,
    validationLoaders: [BatchLoader<Batch>]
  ) throws {
    (self.trainer, self.module, self.data) = (trainer, module, data)
    optimizers = optimization.optimizers.enumerated().map { index, optimizer in
      LightningOptimizer(
        optimizer, name: optimization.names[index], frequency: optimization.frequencies[index],
        trainer)
    }
    schedulers = optimization.schedulers
    metricObjects = MetricObjects(of: module)
    self.trainLoader = trainLoader
    try use(trainLoader)
    try use(validationLoaders)
  }

  private func use(_ loader: BatchLoader<Batch>) throws {
    trainLoader =
      configuration.forbidsShuffling && loader.shuffles ? loader.inOrder : loader
    batchCount = try configuration.trainBatches(of: loader.batchCount)
    validationInterval = try configuration.validationInterval(trainBatches: batchCount)
  }

  private func use(_ loaders: [BatchLoader<Batch>]) throws {
    let limits = try loaders.map { try configuration.validationBatches(of: $0.batchCount) }
    emptyValidation =
      loaders.allSatisfy { $0.batchCount == 0 } ? loaders.first : nil
    let loop = EvaluationLoop(
      trainer, module, data,
      loaders: loaders.map { configuration.forbidsShuffling && $0.shuffles ? $0.inOrder : $0 },
      limits: limits, pass: .validation, metrics: trainer.validationMetrics)
    validation = loop.hasBatches ? loop : nil
  }

  // MARK: State

  /// The seconds of training so far.
  var seconds: Double { earlierSeconds + Double(Clock.uptime &- start) / 1e9 }

  /// Takes over what was counted and logged, before the first hook of the training.
  func restore(_ point: ResumePoint) throws {
    context.state = point.loop
    try metricObjects.restore(point.metricObjects)
    trainer.trainingMetrics.restore(point.trainingMetrics, metricObjects)
    trainer.validationMetrics.restore(point.validationMetrics, metricObjects)
    earlierSeconds = point.seconds
    (lastReload, lastValidationReload) = (point.loop.epoch, point.loop.epoch)
  }

  // MARK: Epochs

  /// Trains until a limit is reached, beginning at `point` if there is one.
  func run(from point: ResumePoint?) throws {
    showEpoch()
    let first = context.state.totalBatches
    if let emptyValidation {
      trainer.noteNoBatches("validated", emptyValidation, "validation", limit: "limit_val_batches")
    }
    stopIfTimeIsOver()
    watch = FirstEpochWatch(module, optimizers.map(\.optimizer))
    if point == nil, end == nil {
      // The first pass begins before the first hook, later ones after the hook of their epoch.
      pass = makePass()
    }
    if end == nil {
      context.metrics = trainer.trainingMetrics
      if point == nil { trainer.trainingMetrics.beginEpoch() }
      try trainer.run(.onTrainStart)
      if let point { try resume(at: point) }
      while end == nil { try trainer.profiled(.trainingEpoch) { try runEpoch() } }
      try trainer.run(.onTrainEnd)
      markSaved()
    }
    let hasTrained = context.state.totalBatches > first
    if let end, let line = line(for: end, hasTrained: hasTrained, isResumed: point != nil) {
      Terminal.print(line)
    }
  }

  /// Trains up to `steps` optimizer steps from the beginning, without schedulers.
  func runTrial(steps: Int) throws {
    (trialSteps, schedulers) = (steps, [])
    context.state = LoopState()
    context.metrics = trainer.trainingMetrics
    trainer.trainingMetrics.beginEpoch()
    try trainer.run(.onTrainStart)
    while end == nil { try runEpoch() }
    try trainer.run(.onTrainEnd)
  }

  private func resume(at point: ResumePoint) throws {
    if let position = point.position {
      pass = makePass(resumingAt: position, done: point.loop.batchesDone)
    }
    try restoreRandom(point)
    if point.position != nil {
      try finishEpoch()
    } else if context.state.isPlateauDue {
      // The checkpoint was written at the end of an epoch, before these.
      try stepSchedulers(.epoch, epoch: context.state.epoch - 1, plateau: true)
      context.state.isPlateauDue = false
    }
  }

  /// A pass over the training batches, whose sampler knows the epoch.
  func makePass(
    resumingAt position: LoaderPosition? = nil, done: Int = 0
  ) -> TrainingPass<Batch> {
    trainLoader.setEpoch(context.state.epoch)
    return TrainingPass(trainLoader, resumingAt: position, limit: batchCount, done: done)
  }

  /// Whether the configuration wants new loaders `last` epochs after they were asked for.
  private func isReloadDue(since last: Int) -> Bool {
    let interval = configuration.reloadDataloadersEveryNEpochs
    return interval > 0 && context.state.epoch - last >= interval
  }

  func reloadIfDue() throws {
    guard isReloadDue(since: lastReload) else { return }
    lastReload = context.state.epoch
    try use(trainer.run(.dataLoader) { try data.trainDataLoader() })
    // Lightning begins a pass when it gets a loader, and another one for the epoch; each draws a number.
    if configuration.randomness == .torch { trainLoader.makeBatches(resumingAt: nil).stop() }
  }

  func next(of pass: TrainingPass<Batch>) throws -> Batch? {
    taken = (context.state.batchesDone, pass.position)
    return try pass.next()
  }

  // MARK: Validation

  func isValidationDue() throws -> Bool {
    let state = context.state
    guard validates, state.validatedAt != state.batchesDone else { return false }
    if let every = configuration.checkValEveryNEpoch, (state.epoch + 1) % every != 0 {
      return false
    }
    if trainer.shouldStop, mayStopEarly { return true }
    switch validationInterval {
    case .atEnd: return try pass?.isAtEnd() ?? false
    case .batches(let interval):
      // Without a number of epochs the batches of all epochs count.
      let done =
        configuration.checkValEveryNEpoch == nil ? state.totalBatches : state.batchesDone
      return done % interval == 0
    case .seconds(let interval):
      return Double(Clock.uptime &- lastValidation) / 1e9 >= interval
    }
  }

  var isBetweenSteps: Bool {
    let done = context.state.batchesDone
    return done % trainer.accumulateGradBatches == 0 || done == batchCount
  }

  func validate() throws {
    let training = trainer.progress.interrupt()
    beforeValidation = try resumePoint
    // After an interruption the validation continues from here.
    mark()
    try trainer.isolatingRandomness {
      if isBetweenSteps { try trainer.run(.onValidationModelZeroGrad) }
      if isReloadDue(since: lastValidationReload) {
        lastValidationReload = context.state.epoch
        try use(trainer.run(.dataLoader) { try data.validationDataLoaders() })
      }
      try validation?.run {
        context.state.validatedAt = context.state.batchesDone
        beforeValidation = nil
      }
    }
    lastValidation = Clock.uptime
    context.metrics = trainer.trainingMetrics
    markSaved()
    trainer.progress.resume(training)
  }

  // MARK: Marks

  // Marks in the event files precede whatever a resumed training will log again.

  /// Marks the point of a checkpoint that was just written, once everything before it is logged.
  func markSaved() {
    if savedState == context.state { mark() }
    savedState = nil
  }

  private func mark() {
    trainer.logger?.mark(context.state.mark, globalStep: context.state.globalStep)
  }
}

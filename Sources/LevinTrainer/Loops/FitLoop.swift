internal import LevinData
internal import LevinOptimizers
internal import LevinTensor

/// The epochs of a training.
final class FitLoop<Batch>: ActiveFit {
  let trainer: Trainer
  let lightningModule: LightningModule<Batch>
  let optimizers: [Optimizer]
  let trainLoader: DataLoader<Batch>
  /// The validation; nil if there is none.
  let validation: EvaluationLoop<Batch>?
  /// The number of training batches in an epoch.
  let batchCount: Int
  /// The number of batches between two validations.
  let validationInterval: Int

  private var iterator: DataLoader<Batch>.Iterator?
  /// The state of the training before the current validation; an interruption saves it.
  private var beforeValidation: ResumePoint?
  /// The loader that was given for validation but has no batch.
  private let emptyValidation: DataLoader<Batch>?
  /// nil after the first epoch.
  var watch: FirstEpochWatch?
  var savedState: LoopState?

  var module: LightningModuleBase { lightningModule }
  var validates: Bool { validation != nil }
  var context: LoopContext { trainer.context }
  var configuration: TrainerConfiguration { trainer.configuration }

  init(
    _ trainer: Trainer, _ module: LightningModule<Batch>, optimizers: [Optimizer],
    trainLoader: DataLoader<Batch>, validationLoader: DataLoader<Batch>?
  ) throws {
    self.trainer = trainer
    lightningModule = module
    self.optimizers = optimizers
    let configuration = trainer.configuration
    self.trainLoader =
      configuration.forbidsShuffling && trainLoader.shuffle ? trainLoader.inOrder : trainLoader
    batchCount = try configuration.trainBatches(of: trainLoader.count)
    validationInterval = try configuration.validationInterval(trainBatches: batchCount)
    let validationBatches =
      try validationLoader.map { try configuration.validationBatches(of: $0.count) } ?? 0
    emptyValidation = validationLoader?.count == 0 ? validationLoader : nil
    if let validationLoader, validationBatches > 0 {
      validation = EvaluationLoop(
        trainer: trainer, module: module,
        loader: configuration.forbidsShuffling && validationLoader.shuffle
          ? validationLoader.inOrder : validationLoader,
        batchCount: validationBatches, kind: .validation, metrics: trainer.validationMetrics)
    } else {
      validation = nil
    }
  }

  var resumePoint: ResumePoint {
    if let beforeValidation { return beforeValidation }
    var point = ResumePoint()
    point.loop = context.state
    point.position = context.state.isEpochDone ? nil : iterator?.position
    point.random["default"] = Generator.default.state
    point.random["training"] = trainLoader.generator?.state
    point.random["validation"] = validation?.loader.generator?.state
    point.trainingMetrics = trainer.trainingMetrics.saved
    point.validationMetrics = trainer.validationMetrics.saved
    return point
  }

  private func restoreRandom(_ point: ResumePoint) throws {
    if let state = point.random["training"] { try trainLoader.generator?.restore(state) }
    if let state = point.random["validation"] {
      try validation?.loader.generator?.restore(state)
    }
    if let state = point.random["default"] { try Generator.default.restore(state) }
  }

  /// Trains until a limit is reached, beginning at `point` if there is one.
  func run(from point: ResumePoint?) throws {
    showEpoch()
    let first = context.state.totalBatches
    if let emptyValidation {
      trainer.noteNoBatches("validated", emptyValidation, "validation", limit: "limit_val_batches")
    }
    watch = FirstEpochWatch(module, optimizers)
    if point == nil, end == nil {
      // The first pass begins before the first hook, later ones after the hook of their epoch.
      iterator = trainLoader.makeIterator()
    }
    context.metrics = trainer.trainingMetrics
    if point == nil { trainer.trainingMetrics.beginEpoch() }
    try trainer.call(
      .onTrainStart, callbacks: { try $0.onTrainStart(trainer, module) },
      module: { try module.onTrainStart() })
    if let point {
      if let position = point.position {
        iterator = trainLoader.makeIterator(resumingAt: position)
      }
      try restoreRandom(point)
      if point.position != nil, end == nil { try finishEpoch() }
    }
    while end == nil { try runEpoch() }
    try trainer.call(
      .onTrainEnd, callbacks: { try $0.onTrainEnd(trainer, module) },
      module: { try module.onTrainEnd() })
    let hasTrained = context.state.totalBatches > first
    if let end, let line = line(for: end, hasTrained: hasTrained, isResumed: point != nil) {
      Terminal.print(line)
    }
  }

  private func runEpoch() throws {
    if context.state.epoch > 0 || context.state.totalBatches > 0 {
      trainer.trainingMetrics.beginEpoch()
    }
    context.state.batchesDone = 0
    context.state.validatedAt = nil
    context.state.isEpochDone = false
    context.metrics = trainer.trainingMetrics
    try trainer.call(
      .onTrainEpochStart, callbacks: { try $0.onTrainEpochStart(trainer, module) },
      module: { try module.onTrainEpochStart() })
    if iterator == nil { iterator = trainLoader.makeIterator() }
    try finishEpoch()
  }

  /// Trains the rest of the epoch and ends it.
  private func finishEpoch() throws {
    guard let iterator else { return }
    defer { iterator.stop() }
    showEpoch()
    // A checkpoint may lie between a batch and its validation.
    try validateIfDue()
    while context.state.batchesDone < batchCount, !areStepsDone,
      let batch = try trainer.located({ try iterator.nextBatch() })
    {
      let index = context.state.batchesDone
      context.batchSize = trainLoader.sampleCount(ofBatch: index)
      guard try runBatch(batch, index) else {
        context.state.batchesDone = batchCount
        break
      }
      markSaved()
      try validateIfDue()
      if trainer.shouldStop, mayStopEarly { break }
    }
    try endEpoch()
  }

  private func showEpoch() {
    let progress = trainer.progress
    progress.beginEpoch(context.state.epoch)
    progress.beginPass(batches: batchCount, done: context.state.batchesDone)
    progress.enter(.training)
  }

  private func endEpoch() throws {
    context.metrics = trainer.trainingMetrics
    // A limit on steps may end the training in the middle of an epoch, which a later run finishes.
    context.state.isEpochDone = context.state.batchesDone >= batchCount
    context.enter(.onTrainEpochEnd)
    for callback in trainer.callbacks where !callback.isMonitoring {
      try callback.onTrainEpochEnd(trainer, module)
    }
    try module.onTrainEpochEnd()
    try context.check()
    trainer.trainingMetrics.endEpoch()
    for callback in trainer.callbacks where callback.isMonitoring {
      try callback.onTrainEpochEnd(trainer, module)
    }
    try context.check()
    let stepped = context.state.batchesThatStepped
    trainer.log(trainer.trainingMetrics.epochValues, step: max(stepped - 1, 0))
    markSaved()
    if context.state.isEpochDone { trainer.finishedEpochs = context.state.epoch + 1 }
    iterator = nil
    watch?.lines(epoch: context.state.epoch).forEach { Terminal.print($0) }
    watch = nil
    context.state.epoch += 1
    try trainer.logger?.flush()
  }

  private func validateIfDue() throws {
    let state = context.state
    guard let validation, state.batchesDone > 0, state.validatedAt != state.batchesDone,
      (state.epoch + 1) % configuration.checkValEveryNEpoch == 0
    else { return }
    let isStopping = trainer.shouldStop && mayStopEarly
    guard isStopping || state.batchesDone % validationInterval == 0 else { return }
    let training = trainer.progress.interrupt()
    trainer.progress.enter(.validation)
    beforeValidation = resumePoint
    // After an interruption the validation continues from here.
    mark()
    try trainer.callModule(.onValidationModelZeroGrad) { try module.onValidationModelZeroGrad() }
    try validation.run {
      context.state.validatedAt = context.state.batchesDone
      beforeValidation = nil
    }
    context.metrics = trainer.trainingMetrics
    markSaved()
    trainer.progress.resume(training)
  }

  // Marks in the event files precede whatever a resumed training will log again.

  /// Marks the point of a checkpoint that was just written, once everything before it is logged.
  private func markSaved() {
    if savedState == context.state { mark() }
    savedState = nil
  }

  private func mark() {
    trainer.logger?.mark(context.state.mark, globalStep: context.state.globalStep)
  }
}

extension DataLoader {
  /// The same batches without shuffling.
  fileprivate var inOrder: DataLoader {
    DataLoader(
      dataset, batchSize: batchSize, shuffle: false, workerCount: workerCount, dropLast: dropLast,
      generator: generator)
  }
}

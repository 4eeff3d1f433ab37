internal import LevinOptimizers

extension FitLoop {
  func runEpoch() throws {
    try reloadIfDue()
    if context.state.epoch > 0 || context.state.totalBatches > 0 {
      trainer.trainingMetrics.beginEpoch()
    }
    context.state.beginEpoch()
    context.metrics = trainer.trainingMetrics
    try trainer.run(.onTrainEpochStart)
    if pass == nil { pass = makePass() }
    try finishEpoch()
  }

  /// Trains the rest of the epoch and ends it.
  func finishEpoch() throws {
    guard let pass else { return }
    defer { pass.stop() }
    showEpoch()
    // A checkpoint may lie between a batch and its validation.
    try endBatch()
    while !areStepsDone, !(trainer.shouldStop && mayStopEarly),
      let batch = try trainer.located({
        try pass.isDone ? nil : trainer.profiled(.trainingBatchNext) { try next(of: pass) }
      })
    {
      guard
        try trainer.profiledBatch(
          .trainingBatch, { try runBatch(batch, context.state.batchesDone) })
      else {
        context.state.isEpochDone = true
        break
      }
      markSaved()
      try endBatch()
    }
    try endEpoch()
  }

  /// Validates after a batch if it is time to, and steps the schedulers that waited for that.
  private func endBatch() throws {
    guard context.state.batchesDone > 0 else { return }
    if try isValidationDue() { try validate() }
    guard context.state.isPlateauDue else { return }
    try stepSchedulers(.step, epoch: context.state.epoch, plateau: true)
    context.state.isPlateauDue = false
  }

  func showEpoch() {
    let progress = trainer.progress
    progress.beginEpoch(context.state.epoch)
    progress.beginPass(batches: batchCount ?? 0, done: context.state.batchesDone)
    progress.enter(.training)
  }

  private func endEpoch() throws {
    context.metrics = trainer.trainingMetrics
    // A limit on steps may end the training in the middle of an epoch, which a later run finishes.
    if try pass?.isAtEnd() ?? true { context.state.isEpochDone = true }
    context.state.isPlateauDue =
      context.state.isEpochDone && followsMetric(.epoch)
    context.enter(.onTrainEpochEnd)
    func tell(_ callback: Callback) throws {
      try trainer.profiled(.onTrainEpochEnd, of: callback) {
        try callback.onTrainEpochEnd(trainer, module)
      }
    }
    for callback in trainer.callbacks where callback.priority < .monitoring { try tell(callback) }
    try trainer.profiled(.onTrainEpochEnd, of: module) { try module.onTrainEpochEnd() }
    try context.check()
    try trainer.trainingMetrics.endEpoch()
    for callback in trainer.callbacks where callback.priority >= .monitoring { try tell(callback) }
    try context.check()
    if context.state.isPlateauDue {
      try stepSchedulers(.epoch, epoch: context.state.epoch, plateau: true)
      context.state.isPlateauDue = false
    }
    let stepped = context.state.batchesThatStepped
    trainer.log(
      trainer.trainingMetrics.epochValues, step: max(stepped - 1, 0), isOfEpoch: true)
    markSaved()
    if context.state.isEpochDone { trainer.finishedEpochs = context.state.epoch + 1 }
    pass = nil
    watch?.lines(epoch: context.state.epoch).forEach { Terminal.print($0) }
    watch = nil
    context.state.epoch += 1
    if context.state.isEpochDone { context.state.beginEpoch() }
    try trainer.profiled(.flushLoggers) { try trainer.logger?.flush() }
  }
}

internal import LevinData
internal import LevinNN
internal import LevinOptimizers
internal import LevinTensor

extension FitLoop {
  /// Trains one batch; false if the module skips the rest of the epoch.
  func runBatch(_ batch: Batch, _ index: Int) throws -> Bool {
    context.enter(.onTrainBatchStart)
    for callback in trainer.callbacks {
      try callback.onTrainBatchStart(trainer, module, batchIndex: index)
    }
    let continues = try lightningModule.onTrainBatchStart(batch, batchIndex: index)
    try context.check()
    guard continues else { return false }

    let accumulated = configuration.accumulateGradBatches
    let steps = (index + 1) % accumulated == 0 || index + 1 == batchCount
    var loss: Tensor?
    if steps {
      let optimizer = optimizers[0]
      context.enter(.optimizerStep)
      try module.optimizerStep(
        optimizer, epoch: context.state.epoch, batchIndex: index
      ) {
        loss = try makeGradients(batch, index)
        try trainer.call(
          .onBeforeOptimizerStep,
          callbacks: { try $0.onBeforeOptimizerStep(trainer, module, optimizer) },
          module: { try module.onBeforeOptimizerStep(optimizer) })
        try trainer.callModule(.configureGradientClipping) {
          try module.configureGradientClipping(
            optimizer, limit: configuration.gradientClipVal,
            algorithm: configuration.gradientClipAlgorithm)
        }
        context.enter(.optimizerStep)
        return loss
      }
      try context.check()
      context.state.globalStep += 1
      context.state.batchesThatStepped += 1
    } else {
      loss = try makeGradients(batch, index)
    }

    context.state.batchesDone = index + 1
    context.state.totalBatches += 1
    try trainer.call(
      .onTrainBatchEnd,
      callbacks: { try $0.onTrainBatchEnd(trainer, module, batchIndex: index) },
      module: { try lightningModule.onTrainBatchEnd(loss, batch, batchIndex: index) })
    trainer.progress.finishBatch(index + 1)
    try trainer.logger?.check()
    if steps {
      logStep()
      // Between optimizer steps the gradients of accumulated batches would be lost.
      try trainer.checkStop()
    }
    return true
  }

  /// Runs the training step and computes the gradients; nil if the step skipped the batch.
  private func makeGradients(_ batch: Batch, _ index: Int) throws -> Tensor? {
    guard configuration.detectAnomaly else { return try computeGradients(batch, index) }
    do {
      return try withAnomalyDetection { try computeGradients(batch, index) }
    } catch let anomaly as AnomalyError {
      throw TrainerError.anomaly(anomaly, epoch: context.state.epoch, batch: index)
    }
  }

  private func computeGradients(_ batch: Batch, _ index: Int) throws -> Tensor? {
    let loss = try trainer.callStep(.trainingStep) {
      try lightningModule.call { try lightningModule.trainingStep(batch, batchIndex: index) }
    }
    let accumulated = configuration.accumulateGradBatches
    let optimizer = optimizers[0]
    if index % accumulated == 0 {
      try trainer.call(
        .onBeforeZeroGrad, callbacks: { try $0.onBeforeZeroGrad(trainer, module, optimizer) },
        module: { try module.onBeforeZeroGrad(optimizer) })
      try trainer.callModule(.optimizerZeroGrad) {
        try module.optimizerZeroGrad(
          optimizer, epoch: context.state.epoch, batchIndex: index)
      }
    }
    guard let loss else { return nil }
    guard loss.elementCount == 1 else {
      throw TrainerError.lossNotScalar(
        shape: "\(loss.shape)", epoch: context.state.epoch, batch: index)
    }
    let scaled = accumulated == 1 ? loss : loss / Float(accumulated)
    try trainer.call(
      .onBeforeBackward, callbacks: { try $0.onBeforeBackward(trainer, module, scaled) },
      module: { try module.onBeforeBackward(scaled) })
    try trainer.callModule(.backward) { try module.backward(scaled) }
    watch?.observe(loss, batch: index)
    try trainer.call(
      .onAfterBackward, callbacks: { try $0.onAfterBackward(trainer, module) },
      module: { try module.onAfterBackward() })
    // The graph of the loss is spent; hooks get only the number.
    return loss.detached()
  }

  private func logStep() {
    let stepped = context.state.batchesThatStepped
    let interval = configuration.logEveryNSteps
    guard interval > 0, stepped % interval == 0 || trainer.shouldStop else { return }
    trainer.log(trainer.trainingMetrics.stepValues, step: stepped - 1)
  }
}

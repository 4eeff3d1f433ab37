internal import LevinData
internal import LevinNN
internal import LevinOptimizers
internal import LevinTensor

extension FitLoop {
  /// Trains one batch; false if the module skips the rest of the epoch.
  func runBatch(_ batch: Batch, _ index: Int) throws -> Bool {
    let batch = try trainer.prepared(batch, module, data, loaderIndex: 0)
    context.batchSize =
      trainLoader.sampleCount(ofBatch: index) ?? BatchTensors.sampleCount(of: batch)
    let isLast = try pass?.isAtEnd() ?? false
    let started = BatchContext(
      batch, index: index, loaderIndex: 0, sampleCount: context.batchSize)
    let continues = try trainer.run(.onTrainBatchStart, started) {
      try module.onTrainBatchStart(batch, batchIndex: index)
    }
    guard continues else {
      try stepSchedulers(.epoch, epoch: context.state.epoch, plateau: false)
      return false
    }

    let window = Window(index, isLast: isLast, size: trainer.accumulateGradBatches, of: batchCount)
    let loss =
      try module.automaticOptimization
      ? trainAutomatically(batch, index, window) : trainManually(batch, index)
    if window.isEnd {
      context.state.batchesThatStepped += 1
      try stepSchedulers(.step, epoch: context.state.epoch, plateau: false)
    }
    if isLast { try stepSchedulers(.epoch, epoch: context.state.epoch, plateau: false) }

    context.state.batchesDone = index + 1
    context.state.totalBatches += 1
    context.state.isPlateauDue =
      window.isEnd && followsMetric(.step)
    let ended = BatchContext(
      batch, index: index, loaderIndex: 0, sampleCount: context.batchSize, outputs: loss)
    try trainer.run(.onTrainBatchEnd, ended) {
      try module.onTrainBatchEnd(loss, batch, batchIndex: index)
    }
    trainer.progress.finishBatch(index + 1)
    try trainer.logger?.check()
    stopIfTimeIsOver()
    if window.isEnd {
      logStep()
      // Between optimizer steps the gradients of accumulated batches would be lost.
      try trainer.checkStop()
    }
    return true
  }

  func stopIfTimeIsOver() {
    guard let limit = configuration.maxTime, seconds >= limit.seconds, !trainer.shouldStop else {
      return
    }
    trainer.stop("trainer.max_time \(limit) is over")
  }

  /// The place of a batch among those whose gradients are added up for one step.
  struct Window {
    let isStart: Bool
    let isEnd: Bool
    /// The number of batches that the gradients are averaged over.
    let size: Int
    /// What is missing from the average where the end of the epoch was not foreseen.
    let correction: Float

    init(_ index: Int, isLast: Bool, size: Int, of batchCount: Int?) {
      let place = index % size
      isStart = place == 0
      isEnd = place == size - 1 || isLast
      if let batchCount {
        self.size = min(size, batchCount - (index - place))
        correction = 1
      } else {
        self.size = size
        correction = isLast ? Float(size) / Float(place + 1) : 1
      }
    }
  }

  private func trainAutomatically(_ batch: Batch, _ index: Int, _ window: Window) throws -> Tensor?
  {
    guard window.isEnd else { return try makeGradients(batch, index, window) }
    var loss: Tensor?
    let optimizer = optimizers[0].optimizer
    context.enter(.optimizerStep)
    func closure() throws -> Tensor? {
      loss = try makeGradients(batch, index, window)
      if window.correction != 1 { scaleGradients(of: optimizer, by: window.correction) }
      try trainer.beforeStep(of: optimizer)
      try trainer.run(.configureGradientClipping) {
        try module.configureGradientClipping(
          optimizer, limit: configuration.gradientClipVal,
          algorithm: configuration.gradientClipAlgorithm)
      }
      context.enter(.optimizerStep)
      return loss
    }
    try trainer.profiled(.optimizerStep, of: module) {
      try module.optimizerStep(
        optimizer, epoch: context.state.epoch, batchIndex: index, closure: closure)
    }
    try context.check()
    trainer.countStep()
    return loss
  }

  private func trainManually(_ batch: Batch, _ index: Int) throws -> Tensor? {
    let loss = try findingAnomalies(index) {
      try trainer.runStep(.trainingStep) { try module.trainingStep(batch, batchIndex: index) }
    }
    if let loss, loss.elementCount == 1 { watch?.observe(loss, batch: index) }
    return loss?.detached()
  }

  private func scaleGradients(of optimizer: Optimizer, by factor: Float) {
    for parameter in optimizer.parameters {
      if let gradient = parameter.gradient { parameter.gradient = gradient * factor }
    }
  }

  /// Runs the training step and computes the gradients; nil if the step skipped the batch.
  private func makeGradients(_ batch: Batch, _ index: Int, _ window: Window) throws -> Tensor? {
    try findingAnomalies(index) {
      let loss = try trainer.runStep(.trainingStep) {
        try module.trainingStep(batch, batchIndex: index)
      }
      let optimizer = optimizers[0].optimizer
      if window.isStart {
        try trainer.run(.onBeforeZeroGrad, optimizer)
        try trainer.run(.optimizerZeroGrad) {
          try module.optimizerZeroGrad(
            optimizer, epoch: context.state.epoch, batchIndex: index)
        }
      }
      guard let loss else { return nil }
      guard loss.elementCount == 1 else {
        throw TrainerError.lossNotScalar(
          shape: "\(loss.shape)", epoch: context.state.epoch, batch: index)
      }
      try computeGradients(of: window.size == 1 ? loss : loss / Float(window.size))
      watch?.observe(loss, batch: index)
      // The graph of the loss is spent; hooks get only the number.
      return loss.detached()
    }
  }

  func computeGradients(of loss: Tensor) throws {
    try trainer.run(.onBeforeBackward, loss)
    try trainer.run(.backward) { try module.backward(loss) }
    try trainer.run(.onAfterBackward)
  }

  private func findingAnomalies<Result>(_ index: Int, _ body: () throws -> Result) throws -> Result
  {
    guard configuration.detectAnomaly else { return try body() }
    do {
      return try withAnomalyDetection(body)
    } catch let anomaly as AnomalyError {
      throw TrainerError.anomaly(anomaly, epoch: context.state.epoch, batch: index)
    }
  }

  private func logStep() {
    let stepped = context.state.batchesThatStepped
    let interval = configuration.logEveryNSteps
    guard interval > 0, stepped % interval == 0 || trainer.shouldStop else { return }
    trainer.log(trainer.trainingMetrics.stepValues(), step: stepped - 1)
  }
}

internal import LevinData
internal import LevinNN
internal import LevinTensor

/// Passes over the batches of some loaders, one after another, without gradients: a validation, a sanity check, a test
/// or a prediction.
final class EvaluationLoop<Batch> {
  let trainer: Trainer
  let module: LightningModule<Batch>
  let data: LightningDataModule<Batch>
  let loaders: [BatchLoader<Batch>]
  /// The largest number of batches of each loader; nil for all of a loader that does not know how many it has.
  let limits: [Int?]
  let pass: Pass
  /// Where `log` goes; nil in a prediction.
  let metrics: LoggedMetrics?

  private var modes: ModelModes?
  private var loaderIndex = 0
  private var index = 0
  private var iterator: BatchIterator<Batch>?

  private var context: LoopContext { trainer.context }

  init(
    _ trainer: Trainer, _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>,
    loaders: [BatchLoader<Batch>], limits: [Int?], pass: Pass, metrics: LoggedMetrics?
  ) {
    (self.trainer, self.module, self.data) = (trainer, module, data)
    (self.loaders, self.limits, self.pass, self.metrics) = (loaders, limits, pass, metrics)
  }

  /// Whether there is a batch to run.
  var hasBatches: Bool { limits.contains { $0 != 0 } }

  /// Runs the whole pass.
  ///
  /// `finish` is called between the last step's hooks and the end hooks.
  func run(beforeEnd finish: () -> Void = {}) throws {
    defer { restoreModes() }
    try begin()
    while try next() != nil {}
    try end(finish)
  }

  /// Calls the hooks before the first batch.
  func begin() throws {
    (loaderIndex, index, iterator) = (0, 0, nil)
    modes = ModelModes(of: module)
    context.metrics = metrics
    context.outputs = loaders.map { _ in [] }
    trainer.progress.enter(pass.phase)
    try withoutGradients {
      metrics?.beginEpoch()
      trainer.progress.beginPass(batches: limits[0] ?? 0)
      try trainer.run(pass.modelEval)
      try trainer.run(pass.start)
      try trainer.run(pass.epochStart)
    }
  }

  /// A batch that was run.
  struct Done {
    var outputs: Any?
    var index: Int
    var loaderIndex: Int
  }

  /// Runs the next batch; nil after the last.
  func next() throws -> Done? {
    try withoutGradients {
      while loaderIndex < loaders.count {
        if limits[loaderIndex].map({ index < $0 }) ?? true {
          let batches = iterator ?? loaders[loaderIndex].makeBatches(resumingAt: nil)
          iterator = batches
          let found = try trainer.located {
            try trainer.profiled(pass.actions.next) { try batches.nextBatch() }
          }
          if let batch = found {
            defer { index += 1 }
            let outputs = try trainer.profiledBatch(pass.actions.batch) { try run(batch) }
            return Done(outputs: outputs, index: index, loaderIndex: loaderIndex)
          }
        }
        stop()
        (loaderIndex, index) = (loaderIndex + 1, 0)
        if loaderIndex < loaders.count {
          trainer.progress.beginPass(batches: limits[loaderIndex] ?? 0)
        }
      }
      return nil
    }
  }

  private func stop() {
    iterator?.stop()
    iterator = nil
    context.loader = nil
  }

  private func run(_ batch: Batch) throws -> Any? {
    context.loader = loaders.count > 1 ? loaderIndex : nil
    let batch = try trainer.prepared(batch, module, data, loaderIndex: loaderIndex)
    context.batchSize =
      loaders[loaderIndex].sampleCount(ofBatch: index) ?? BatchTensors.sampleCount(of: batch)
    let outputs = try step(batch)
    if let outputs, pass.kind != .prediction { context.outputs[loaderIndex].append(outputs) }
    trainer.progress.finishBatch(index + 1)
    try trainer.logger?.check()
    if let metrics, metrics.hasStepMetrics, pass.kind != .sanityCheck {
      trainer.log(
        metrics.stepValues(ofLoader: loaderIndex), step: countBatch(), addsEpoch: false)
    }
    try trainer.checkStop()
    return outputs
  }

  /// The x-axis of values logged at every step: the number of the loader's batch, counted over all passes.
  private func countBatch() -> Int {
    pass.kind == .test
      ? trainer.testBatches.countValidationBatch(ofLoader: loaderIndex)
      : context.state.countValidationBatch(ofLoader: loaderIndex)
  }

  private func step(_ batch: Batch) throws -> Any? {
    let index = index
    let before = BatchContext(
      batch, index: index, loaderIndex: loaderIndex, sampleCount: context.batchSize)
    func after(_ outputs: Any?) -> BatchContext {
      BatchContext(
        batch, index: index, loaderIndex: loaderIndex, sampleCount: context.batchSize,
        outputs: outputs)
    }
    /// A step that returns nothing gives `()` where any type is allowed.
    func something(_ outputs: Any?) -> Any? { outputs is Void ? nil : outputs }
    switch pass.kind {
    case .sanityCheck, .validation:
      try trainer.run(.onValidationBatchStart, before) {
        try module.onValidationBatchStart(batch, batchIndex: index)
      }
      let outputs = something(
        try trainer.runStep(.validationStep) {
          try module.validationStep(batch, batchIndex: index)
        })
      try trainer.run(.onValidationBatchEnd, after(outputs)) {
        try module.onValidationBatchEnd(outputs, batch, batchIndex: index)
      }
      return outputs
    case .test:
      try trainer.run(.onTestBatchStart, before) {
        try module.onTestBatchStart(batch, batchIndex: index)
      }
      let outputs = something(
        try trainer.runStep(.testStep) { try module.testStep(batch, batchIndex: index) })
      try trainer.run(.onTestBatchEnd, after(outputs)) {
        try module.onTestBatchEnd(outputs, batch, batchIndex: index)
      }
      return outputs
    case .prediction:
      try trainer.run(.onPredictBatchStart, before) {
        try module.onPredictBatchStart(batch, batchIndex: index)
      }
      let outputs = something(
        try trainer.runStep(.predictStep) { try module.predictStep(batch, batchIndex: index) })
      try trainer.run(.onPredictBatchEnd, after(outputs)) {
        try module.onPredictBatchEnd(outputs, batch, batchIndex: index)
      }
      return outputs
    }
  }

  /// Calls the hooks after the last batch.
  func end(_ finish: () -> Void = {}) throws {
    stop()
    try withoutGradients {
      try trainer.run(pass.epochEnd)
      try metrics?.endEpoch()
      if let metrics, pass.kind != .sanityCheck {
        // During a training the x-axis is the last batch with an optimizer step, or the next one within a window of
        // accumulation; after it, the number of steps.
        let stepped = context.state.batchesThatStepped
        let isBehind = trainer.activeFit?.isBetweenSteps ?? false
        trainer.log(
          metrics.epochValues, step: isBehind ? max(stepped - 1, 0) : stepped, isOfEpoch: true)
      }
      finish()
      try trainer.run(pass.end)
    }
    restoreModes()
    if let hook = pass.modelTrain { try trainer.run(hook) }
  }

  /// Puts every module back into the mode in which it was before the pass.
  func restoreModes() {
    stop()
    modes?.restore()
    modes = nil
  }
}

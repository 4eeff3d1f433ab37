internal import LevinData
internal import LevinNN
internal import LevinTensor

/// One pass over batches without gradients: a validation, a sanity check or a test.
struct EvaluationLoop<Batch> {
  enum Kind { case sanityCheck, validation, test }

  let trainer: Trainer
  let module: LightningModule<Batch>
  let loader: DataLoader<Batch>
  /// Batches of a pass.
  let batchCount: Int
  let kind: Kind
  let metrics: MetricCollection

  private var context: LoopContext { trainer.context }
  private var isTest: Bool { kind == .test }

  /// Runs the pass.
  ///
  /// `finish` is called between the last step's hooks and the end hooks.
  func run(beforeEnd finish: () -> Void = {}) throws {
    let modes = ModelModes(of: module)
    defer { modes.restore() }
    context.metrics = metrics
    try withoutGradients {
      try start()
      try runBatches()
      try end(finish)
    }
    modes.restore()
    try trainer.callModule(isTest ? .onTestModelTrain : .onValidationModelTrain) {
      isTest ? try module.onTestModelTrain() : try module.onValidationModelTrain()
    }
  }

  private func start() throws {
    metrics.beginEpoch()
    trainer.progress.beginPass(batches: batchCount)
    if isTest {
      try trainer.callModule(.onTestModelEval) { try module.onTestModelEval() }
      try trainer.call(
        .onTestStart, callbacks: { try $0.onTestStart(trainer, module) },
        module: { try module.onTestStart() })
      try trainer.call(
        .onTestEpochStart, callbacks: { try $0.onTestEpochStart(trainer, module) },
        module: { try module.onTestEpochStart() })
    } else {
      try trainer.callModule(.onValidationModelEval) { try module.onValidationModelEval() }
      try trainer.call(
        .onValidationStart, callbacks: { try $0.onValidationStart(trainer, module) },
        module: { try module.onValidationStart() })
      try trainer.call(
        .onValidationEpochStart, callbacks: { try $0.onValidationEpochStart(trainer, module) },
        module: { try module.onValidationEpochStart() })
    }
  }

  private func runBatches() throws {
    let iterator = loader.makeIterator()
    defer { iterator.stop() }
    var index = 0
    while index < batchCount, let batch = try trainer.located({ try iterator.nextBatch() }) {
      context.batchSize = loader.sampleCount(ofBatch: index)
      isTest ? try test(batch, index) : try validate(batch, index)
      index += 1
      trainer.progress.finishBatch(index)
      try trainer.logger?.check()
      if metrics.hasStepMetrics, kind != .sanityCheck { logStep() }
      try trainer.checkStop()
    }
  }

  private func validate(_ batch: Batch, _ index: Int) throws {
    try trainer.call(
      .onValidationBatchStart,
      callbacks: { try $0.onValidationBatchStart(trainer, module, batchIndex: index) },
      module: { try module.onValidationBatchStart(batch, batchIndex: index) })
    try trainer.callStep(.validationStep) {
      try module.call { try module.validationStep(batch, batchIndex: index) }
    }
    try trainer.call(
      .onValidationBatchEnd,
      callbacks: { try $0.onValidationBatchEnd(trainer, module, batchIndex: index) },
      module: { try module.onValidationBatchEnd(batch, batchIndex: index) })
  }

  private func test(_ batch: Batch, _ index: Int) throws {
    try trainer.call(
      .onTestBatchStart,
      callbacks: { try $0.onTestBatchStart(trainer, module, batchIndex: index) },
      module: { try module.onTestBatchStart(batch, batchIndex: index) })
    try trainer.callStep(.testStep) {
      try module.call { try module.testStep(batch, batchIndex: index) }
    }
    try trainer.call(
      .onTestBatchEnd,
      callbacks: { try $0.onTestBatchEnd(trainer, module, batchIndex: index) },
      module: { try module.onTestBatchEnd(batch, batchIndex: index) })
  }

  /// The step of values logged at every step is the number of the batch, counted over all passes.
  private func logStep() {
    if isTest {
      trainer.log(metrics.stepValues, step: trainer.testBatches, addsEpoch: false)
      trainer.testBatches += 1
    } else {
      trainer.log(metrics.stepValues, step: context.state.validationBatches, addsEpoch: false)
      context.state.validationBatches += 1
    }
  }

  private func end(_ finish: () -> Void) throws {
    if isTest {
      try trainer.call(
        .onTestEpochEnd, callbacks: { try $0.onTestEpochEnd(trainer, module) },
        module: { try module.onTestEpochEnd() })
    } else {
      try trainer.call(
        .onValidationEpochEnd, callbacks: { try $0.onValidationEpochEnd(trainer, module) },
        module: { try module.onValidationEpochEnd() })
    }
    metrics.endEpoch()
    if kind != .sanityCheck {
      // During a training the x-axis is the last batch with an optimizer step; after it, the number of steps.
      let stepped = context.state.batchesThatStepped
      let isFitting = trainer.stage == .fit
      trainer.log(metrics.epochValues, step: isFitting ? max(stepped - 1, 0) : stepped)
    }
    finish()
    if isTest {
      try trainer.call(
        .onTestEnd, callbacks: { try $0.onTestEnd(trainer, module) },
        module: { try module.onTestEnd() })
    } else {
      try trainer.call(
        .onValidationEnd, callbacks: { try $0.onValidationEnd(trainer, module) },
        module: { try module.onValidationEnd() })
    }
  }
}

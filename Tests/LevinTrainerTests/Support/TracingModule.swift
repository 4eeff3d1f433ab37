import Levin

/// The boring module, with a note for each hook.
final class TracingModule: BoringModule {
  let trace: Trace
  init(_ trace: Trace) { self.trace = trace }
  private func note(_ text: String) { trace.lines.append("M.\(text)") }

  override func configureCallbacks() -> [Callback] {
    note("configureCallbacks")
    return []
  }
  override func prepareData() async throws { note("prepareData") }
  override func configureModel() throws {
    note("configureModel")
    try super.configureModel()
  }
  override func onFitStart() throws {
    note("onFitStart")
    try super.onFitStart()
  }
  override func onTrainStart() throws {
    note("onTrainStart")
    try super.onTrainStart()
  }
  override func onTrainEpochStart() throws {
    note("onTrainEpochStart")
    try super.onTrainEpochStart()
  }
  override func onAfterBackward() throws {
    note("onAfterBackward")
    try super.onAfterBackward()
  }
  override func onTrainEpochEnd() throws {
    note("onTrainEpochEnd")
    try super.onTrainEpochEnd()
  }
  override func onTrainEnd() throws {
    note("onTrainEnd")
    try super.onTrainEnd()
  }
  override func onFitEnd() throws {
    note("onFitEnd")
    try super.onFitEnd()
  }
  override func onValidationModelEval() throws {
    note("onValidationModelEval")
    try super.onValidationModelEval()
  }
  override func onValidationModelTrain() throws {
    note("onValidationModelTrain")
    try super.onValidationModelTrain()
  }
  override func onValidationStart() throws {
    note("onValidationStart")
    try super.onValidationStart()
  }
  override func onValidationEpochStart() throws {
    note("onValidationEpochStart")
    try super.onValidationEpochStart()
  }
  override func onValidationEpochEnd() throws {
    note("onValidationEpochEnd")
    try super.onValidationEpochEnd()
  }
  override func onValidationEnd() throws {
    note("onValidationEnd")
    try super.onValidationEnd()
  }
  override func onTestModelEval() throws {
    note("onTestModelEval")
    try super.onTestModelEval()
  }
  override func onTestModelTrain() throws {
    note("onTestModelTrain")
    try super.onTestModelTrain()
  }
  override func onTestStart() throws {
    note("onTestStart")
    try super.onTestStart()
  }
  override func onTestEpochStart() throws {
    note("onTestEpochStart")
    try super.onTestEpochStart()
  }
  override func onTestEpochEnd() throws {
    note("onTestEpochEnd")
    try super.onTestEpochEnd()
  }
  override func onTestEnd() throws {
    note("onTestEnd")
    try super.onTestEnd()
  }
  override func onPredictModelEval() throws {
    note("onPredictModelEval")
    try super.onPredictModelEval()
  }
  override func onPredictStart() throws {
    note("onPredictStart")
    try super.onPredictStart()
  }
  override func onPredictEpochStart() throws {
    note("onPredictEpochStart")
    try super.onPredictEpochStart()
  }
  override func onPredictEpochEnd() throws {
    note("onPredictEpochEnd")
    try super.onPredictEpochEnd()
  }
  override func onPredictEnd() throws {
    note("onPredictEnd")
    try super.onPredictEnd()
  }
  override func onValidationModelZeroGrad() throws {
    note("onValidationModelZeroGrad")
    try super.onValidationModelZeroGrad()
  }
  override func setup(stage: Stage) throws {
    note("setup(\(stage.rawValue))")
    try super.setup(stage: stage)
  }
  override func teardown(stage: Stage) throws {
    note("teardown(\(stage.rawValue))")
    try super.teardown(stage: stage)
  }
  override func configureOptimizers() throws -> any OptimizerConfiguration {
    note("configureOptimizers")
    return try super.configureOptimizers()
  }
  override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
    note("trainingStep")
    return try super.trainingStep(batch, batchIndex: batchIndex)
  }
  override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
    note("validationStep")
    return try super.validationStep(batch, batchIndex: batchIndex)
  }
  override func testStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
    note("testStep")
    return try super.testStep(batch, batchIndex: batchIndex)
  }
  override func predictStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
    note("predictStep")
    return try super.predictStep(batch, batchIndex: batchIndex)
  }
  override func onTrainBatchStart(_ batch: Tensor, batchIndex: Int) throws -> Bool {
    note("onTrainBatchStart")
    return try super.onTrainBatchStart(batch, batchIndex: batchIndex)
  }
  override func onTrainBatchEnd(_ loss: Tensor?, _ batch: Tensor, batchIndex: Int) throws {
    note("onTrainBatchEnd")
    try super.onTrainBatchEnd(loss, batch, batchIndex: batchIndex)
  }
  override func onValidationBatchStart(_ batch: Tensor, batchIndex: Int) throws {
    note("onValidationBatchStart")
    try super.onValidationBatchStart(batch, batchIndex: batchIndex)
  }
  override func onValidationBatchEnd(_ outputs: Any?, _ batch: Tensor, batchIndex: Int) throws {
    note("onValidationBatchEnd")
    try super.onValidationBatchEnd(outputs, batch, batchIndex: batchIndex)
  }
  override func onTestBatchStart(_ batch: Tensor, batchIndex: Int) throws {
    note("onTestBatchStart")
    try super.onTestBatchStart(batch, batchIndex: batchIndex)
  }
  override func onTestBatchEnd(_ outputs: Any?, _ batch: Tensor, batchIndex: Int) throws {
    note("onTestBatchEnd")
    try super.onTestBatchEnd(outputs, batch, batchIndex: batchIndex)
  }
  override func onPredictBatchStart(_ batch: Tensor, batchIndex: Int) throws {
    note("onPredictBatchStart")
    try super.onPredictBatchStart(batch, batchIndex: batchIndex)
  }
  override func onPredictBatchEnd(_ output: Any?, _ batch: Tensor, batchIndex: Int) throws {
    note("onPredictBatchEnd")
    try super.onPredictBatchEnd(output, batch, batchIndex: batchIndex)
  }
  override func backward(_ loss: Tensor) throws {
    note("backward")
    try super.backward(loss)
  }
  override func onBeforeBackward(_ loss: Tensor) throws {
    note("onBeforeBackward")
    try super.onBeforeBackward(loss)
  }
  override func onBeforeZeroGrad(_ optimizer: Optimizer) throws {
    note("onBeforeZeroGrad")
    try super.onBeforeZeroGrad(optimizer)
  }
  override func onBeforeOptimizerStep(_ optimizer: Optimizer) throws {
    note("onBeforeOptimizerStep")
    try super.onBeforeOptimizerStep(optimizer)
  }
  override func optimizerZeroGrad(_ optimizer: Optimizer, epoch: Int, batchIndex: Int) throws {
    note("optimizerZeroGrad")
    try super.optimizerZeroGrad(optimizer, epoch: epoch, batchIndex: batchIndex)
  }
  override func optimizerStep(
    _ optimizer: Optimizer, epoch: Int, batchIndex: Int, closure: () throws -> Tensor?
  ) throws {
    note("optimizerStep")
    try super.optimizerStep(optimizer, epoch: epoch, batchIndex: batchIndex, closure: closure)
  }
  override func configureGradientClipping(
    _ optimizer: Optimizer, limit: Double?, algorithm: GradientClipAlgorithm
  ) throws {
    note("configureGradientClipping")
    try super.configureGradientClipping(optimizer, limit: limit, algorithm: algorithm)
  }
  override func onSaveCheckpoint(_ checkpoint: inout Checkpoint) throws {
    note("onSaveCheckpoint")
    try super.onSaveCheckpoint(&checkpoint)
  }
}

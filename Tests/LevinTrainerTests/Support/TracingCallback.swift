import Levin

/// A callback with a note for each hook.
final class TracingCallback: Callback {
  let trace: Trace
  init(_ trace: Trace) { self.trace = trace }
  private func note(_ text: String) { trace.lines.append("C.\(text)") }

  override func setup(_ trainer: Trainer, _ module: LightningModuleBase, stage: Stage) throws {
    note("setup(\(stage.rawValue))")
  }
  override func teardown(_ trainer: Trainer, _ module: LightningModuleBase, stage: Stage) throws {
    note("teardown(\(stage.rawValue))")
  }
  override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onFitStart")
  }
  override func onFitEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onFitEnd")
  }
  override func onSanityCheckStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onSanityCheckStart")
  }
  override func onSanityCheckEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onSanityCheckEnd")
  }
  override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onTrainStart")
  }
  override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onTrainEnd")
  }
  override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onTrainEpochStart")
  }
  override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onTrainEpochEnd")
  }
  override func onAfterBackward(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onAfterBackward")
  }
  override func onValidationStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onValidationStart")
  }
  override func onValidationEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onValidationEpochStart")
  }
  override func onValidationEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onValidationEpochEnd")
  }
  override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onValidationEnd")
  }
  override func onTestStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onTestStart")
  }
  override func onTestEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onTestEpochStart")
  }
  override func onTestEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onTestEpochEnd")
  }
  override func onTestEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onTestEnd")
  }
  override func onPredictStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onPredictStart")
  }
  override func onPredictEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onPredictEpochStart")
  }
  override func onPredictEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onPredictEpochEnd")
  }
  override func onPredictEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    note("onPredictEnd")
  }
  override func onTrainBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    note("onTrainBatchStart")
  }
  override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  )
    throws
  {
    note("onTrainBatchEnd")
  }
  override func onValidationBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    note("onValidationBatchStart")
  }
  override func onValidationBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    note("onValidationBatchEnd")
  }
  override func onTestBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  )
    throws
  {
    note("onTestBatchStart")
  }
  override func onTestBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  )
    throws
  {
    note("onTestBatchEnd")
  }
  override func onPredictBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    note("onPredictBatchStart")
  }
  override func onPredictBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    note("onPredictBatchEnd")
  }
  override func onBeforeZeroGrad(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) throws {
    note("onBeforeZeroGrad")
  }
  override func onBeforeOptimizerStep(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) throws {
    note("onBeforeOptimizerStep")
  }
  override func onBeforeBackward(_ trainer: Trainer, _ module: LightningModuleBase, _ loss: Tensor)
    throws
  {
    note("onBeforeBackward")
  }
  override func onSaveCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: inout Checkpoint
  ) throws {
    note("onSaveCheckpoint")
  }
}

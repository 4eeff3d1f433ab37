public import LevinOptimizers
public import LevinTensor

/// Code that the trainer calls at fixed points of a training (Lightning's `Callback`).
///
/// Called before the module's hook of the same name.
///
/// Every hook is empty. A callback with state returns it from ``state()`` and restores it in ``restore(_:)``;
/// checkpoints save it under ``stateKey``.
open class Callback {
  /// A callback that does nothing.
  public init() {}

  /// Whether the callback runs after all others and the module, to see an epoch's final metrics.
  var isMonitoring: Bool { false }

  open func setup(_ trainer: Trainer, _ module: LightningModuleBase, stage: Stage) throws {}
  open func teardown(_ trainer: Trainer, _ module: LightningModuleBase, stage: Stage) throws {}

  // MARK: Training
  open func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onFitEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onSanityCheckStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onSanityCheckEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTrainBatchStart(_ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int)
    throws
  {}
  open func onTrainBatchEnd(_ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int)
    throws
  {}
  open func onBeforeZeroGrad(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) throws {}
  open func onBeforeBackward(_ trainer: Trainer, _ module: LightningModuleBase, _ loss: Tensor)
    throws
  {}
  open func onAfterBackward(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onBeforeOptimizerStep(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) throws {}

  // MARK: Validation
  open func onValidationStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onValidationEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onValidationEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onValidationBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int
  ) throws {}
  open func onValidationBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int
  ) throws {}

  // MARK: Test
  open func onTestStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTestEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTestEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTestEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTestBatchStart(_ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int)
    throws
  {}
  open func onTestBatchEnd(_ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int)
    throws
  {}

  // MARK: Prediction
  open func onPredictStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onPredictEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onPredictEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onPredictEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onPredictBatchStart(_ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int)
    throws
  {}
  open func onPredictBatchEnd(_ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int)
    throws
  {}

  /// Called when a run ends with an error or an interruption; no later hook is called then.
  open func onException(_ trainer: Trainer, _ module: LightningModuleBase, _ error: any Error) {}

  // MARK: Checkpoints

  /// The name of this callback's state in a checkpoint; two callbacks of one trainer need different ones.
  open var stateKey: String { "\(type(of: self))" }
  /// This callback's state for a checkpoint, as text (such as JSON); nil if it has none.
  open func state() throws -> String? { nil }
  /// Restores what ``state()`` returned.
  open func restore(_ state: String) throws {}
  open func onSaveCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: inout Checkpoint
  ) throws {}
  open func onLoadCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: Checkpoint
  ) throws {}
}

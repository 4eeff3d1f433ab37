public import LevinOptimizers
public import LevinTensor

/// Code that the trainer calls at fixed points of a training (Lightning's `Callback`).
///
/// Called before the module's hook of the same name.
///
/// Every hook is empty. A callback with state returns it from ``state()`` and restores it in ``restore(_:)``;
/// checkpoints save it under ``stateKey``.
open class Callback: RemovedCallbackHooks {
  /// A callback that does nothing.
  public override init() {}

  /// When a callback is called among the others, whatever their order in the trainer's list.
  public enum Priority: Int, Sendable, Comparable {
    /// Before all others.
    case first
    case normal
    /// After the normal ones; at the end of an epoch after the module too, to see what it logs.
    case monitoring
    /// After all others, to save what they did.
    case last

    /// Whether `a` is called before `b`.
    public static func < (a: Priority, b: Priority) -> Bool { a.rawValue < b.rawValue }
  }
  /// The metric that the callback follows; nil if there is none.
  ///
  /// The trainer refuses one that no validation logs.
  open var monitoredMetric: String? { nil }
  /// When the callback is called among the others; those of one priority are called in their order.
  open var priority: Priority { .normal }

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
  open func onTrainBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {}
  /// `batch.outputs` is the loss without its graph.
  open func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {}
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
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {}
  open func onValidationBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {}

  // MARK: Test
  open func onTestStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTestEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTestEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTestEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTestBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {}
  open func onTestBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {}

  // MARK: Prediction
  open func onPredictStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onPredictEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onPredictEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onPredictEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onPredictBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {}
  open func onPredictBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {}

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

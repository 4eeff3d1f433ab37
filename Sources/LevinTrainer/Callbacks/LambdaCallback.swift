public import LevinOptimizers
public import LevinTensor

/// A callback made of functions.
///
///     LambdaCallback(onTrainEpochEnd: { trainer, _ in trainer.print("epoch \(trainer.currentEpoch)") })
public final class LambdaCallback: Callback {
  /// A hook without a batch.
  public typealias Hook = (Trainer, LightningModuleBase) throws -> Void
  /// A hook about a batch.
  public typealias BatchHook = (Trainer, LightningModuleBase, BatchContext) throws -> Void
  /// A hook about an optimizer.
  public typealias OptimizerHook = (Trainer, LightningModuleBase, Optimizer) throws -> Void
  /// A hook about a stage.
  public typealias StageHook = (Trainer, LightningModuleBase, Stage) throws -> Void

  private let setupBody: StageHook?
  private let teardownBody: StageHook?
  private let onFitStartBody: Hook?
  private let onFitEndBody: Hook?
  private let onSanityCheckStartBody: Hook?
  private let onSanityCheckEndBody: Hook?
  private let onTrainStartBody: Hook?
  private let onTrainEndBody: Hook?
  private let onTrainEpochStartBody: Hook?
  private let onTrainEpochEndBody: Hook?
  private let onAfterBackwardBody: Hook?
  private let onValidationStartBody: Hook?
  private let onValidationEndBody: Hook?
  private let onValidationEpochStartBody: Hook?
  private let onValidationEpochEndBody: Hook?
  private let onTestStartBody: Hook?
  private let onTestEndBody: Hook?
  private let onTestEpochStartBody: Hook?
  private let onTestEpochEndBody: Hook?
  private let onPredictStartBody: Hook?
  private let onPredictEndBody: Hook?
  private let onPredictEpochStartBody: Hook?
  private let onPredictEpochEndBody: Hook?
  private let onTrainBatchStartBody: BatchHook?
  private let onTrainBatchEndBody: BatchHook?
  private let onValidationBatchStartBody: BatchHook?
  private let onValidationBatchEndBody: BatchHook?
  private let onTestBatchStartBody: BatchHook?
  private let onTestBatchEndBody: BatchHook?
  private let onPredictBatchStartBody: BatchHook?
  private let onPredictBatchEndBody: BatchHook?
  private let onBeforeZeroGradBody: OptimizerHook?
  private let onBeforeOptimizerStepBody: OptimizerHook?
  private let onBeforeBackwardBody: ((Trainer, LightningModuleBase, Tensor) throws -> Void)?
  private let onExceptionBody: ((Trainer, LightningModuleBase, any Error) -> Void)?

  /// Creates a callback from functions for some hooks, each with the name of the hook of ``Callback``.
  public init(
    setup: StageHook? = nil,
    teardown: StageHook? = nil,
    onFitStart: Hook? = nil,
    onFitEnd: Hook? = nil,
    onSanityCheckStart: Hook? = nil,
    onSanityCheckEnd: Hook? = nil,
    onTrainStart: Hook? = nil,
    onTrainEnd: Hook? = nil,
    onTrainEpochStart: Hook? = nil,
    onTrainEpochEnd: Hook? = nil,
    onAfterBackward: Hook? = nil,
    onValidationStart: Hook? = nil,
    onValidationEnd: Hook? = nil,
    onValidationEpochStart: Hook? = nil,
    onValidationEpochEnd: Hook? = nil,
    onTestStart: Hook? = nil,
    onTestEnd: Hook? = nil,
    onTestEpochStart: Hook? = nil,
    onTestEpochEnd: Hook? = nil,
    onPredictStart: Hook? = nil,
    onPredictEnd: Hook? = nil,
    onPredictEpochStart: Hook? = nil,
    onPredictEpochEnd: Hook? = nil,
    onTrainBatchStart: BatchHook? = nil,
    onTrainBatchEnd: BatchHook? = nil,
    onValidationBatchStart: BatchHook? = nil,
    onValidationBatchEnd: BatchHook? = nil,
    onTestBatchStart: BatchHook? = nil,
    onTestBatchEnd: BatchHook? = nil,
    onPredictBatchStart: BatchHook? = nil,
    onPredictBatchEnd: BatchHook? = nil,
    onBeforeZeroGrad: OptimizerHook? = nil,
    onBeforeOptimizerStep: OptimizerHook? = nil,
    onBeforeBackward: ((Trainer, LightningModuleBase, Tensor) throws -> Void)? = nil,
    onException: ((Trainer, LightningModuleBase, any Error) -> Void)? = nil
  ) {
    setupBody = setup
    teardownBody = teardown
    onFitStartBody = onFitStart
    onFitEndBody = onFitEnd
    onSanityCheckStartBody = onSanityCheckStart
    onSanityCheckEndBody = onSanityCheckEnd
    onTrainStartBody = onTrainStart
    onTrainEndBody = onTrainEnd
    onTrainEpochStartBody = onTrainEpochStart
    onTrainEpochEndBody = onTrainEpochEnd
    onAfterBackwardBody = onAfterBackward
    onValidationStartBody = onValidationStart
    onValidationEndBody = onValidationEnd
    onValidationEpochStartBody = onValidationEpochStart
    onValidationEpochEndBody = onValidationEpochEnd
    onTestStartBody = onTestStart
    onTestEndBody = onTestEnd
    onTestEpochStartBody = onTestEpochStart
    onTestEpochEndBody = onTestEpochEnd
    onPredictStartBody = onPredictStart
    onPredictEndBody = onPredictEnd
    onPredictEpochStartBody = onPredictEpochStart
    onPredictEpochEndBody = onPredictEpochEnd
    onTrainBatchStartBody = onTrainBatchStart
    onTrainBatchEndBody = onTrainBatchEnd
    onValidationBatchStartBody = onValidationBatchStart
    onValidationBatchEndBody = onValidationBatchEnd
    onTestBatchStartBody = onTestBatchStart
    onTestBatchEndBody = onTestBatchEnd
    onPredictBatchStartBody = onPredictBatchStart
    onPredictBatchEndBody = onPredictBatchEnd
    onBeforeZeroGradBody = onBeforeZeroGrad
    onBeforeOptimizerStepBody = onBeforeOptimizerStep
    onBeforeBackwardBody = onBeforeBackward
    onExceptionBody = onException
  }

  public override func setup(
    _ trainer: Trainer, _ module: LightningModuleBase, stage: Stage
  ) throws { try setupBody?(trainer, module, stage) }
  public override func teardown(
    _ trainer: Trainer, _ module: LightningModuleBase, stage: Stage
  ) throws { try teardownBody?(trainer, module, stage) }
  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onFitStartBody?(trainer, module)
  }
  public override func onFitEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onFitEndBody?(trainer, module)
  }
  public override func onSanityCheckStart(_ trainer: Trainer, _ module: LightningModuleBase) throws
  {
    try onSanityCheckStartBody?(trainer, module)
  }
  public override func onSanityCheckEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onSanityCheckEndBody?(trainer, module)
  }
  public override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onTrainStartBody?(trainer, module)
  }
  public override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onTrainEndBody?(trainer, module)
  }
  public override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onTrainEpochStartBody?(trainer, module)
  }
  public override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onTrainEpochEndBody?(trainer, module)
  }
  public override func onAfterBackward(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onAfterBackwardBody?(trainer, module)
  }
  public override func onValidationStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onValidationStartBody?(trainer, module)
  }
  public override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onValidationEndBody?(trainer, module)
  }
  public override func onValidationEpochStart(_ trainer: Trainer, _ module: LightningModuleBase)
    throws
  {
    try onValidationEpochStartBody?(trainer, module)
  }
  public override func onValidationEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase)
    throws
  {
    try onValidationEpochEndBody?(trainer, module)
  }
  public override func onTestStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onTestStartBody?(trainer, module)
  }
  public override func onTestEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onTestEndBody?(trainer, module)
  }
  public override func onTestEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onTestEpochStartBody?(trainer, module)
  }
  public override func onTestEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onTestEpochEndBody?(trainer, module)
  }
  public override func onPredictStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onPredictStartBody?(trainer, module)
  }
  public override func onPredictEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onPredictEndBody?(trainer, module)
  }
  public override func onPredictEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws
  {
    try onPredictEpochStartBody?(trainer, module)
  }
  public override func onPredictEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try onPredictEpochEndBody?(trainer, module)
  }
  public override func onTrainBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws { try onTrainBatchStartBody?(trainer, module, batch) }
  public override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws { try onTrainBatchEndBody?(trainer, module, batch) }
  public override func onValidationBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws { try onValidationBatchStartBody?(trainer, module, batch) }
  public override func onValidationBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws { try onValidationBatchEndBody?(trainer, module, batch) }
  public override func onTestBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws { try onTestBatchStartBody?(trainer, module, batch) }
  public override func onTestBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws { try onTestBatchEndBody?(trainer, module, batch) }
  public override func onPredictBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws { try onPredictBatchStartBody?(trainer, module, batch) }
  public override func onPredictBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws { try onPredictBatchEndBody?(trainer, module, batch) }
  public override func onBeforeZeroGrad(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) throws { try onBeforeZeroGradBody?(trainer, module, optimizer) }
  public override func onBeforeOptimizerStep(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) throws { try onBeforeOptimizerStepBody?(trainer, module, optimizer) }
  public override func onBeforeBackward(
    _ trainer: Trainer, _ module: LightningModuleBase, _ loss: Tensor
  ) throws { try onBeforeBackwardBody?(trainer, module, loss) }
  public override func onException(
    _ trainer: Trainer, _ module: LightningModuleBase, _ error: any Error
  ) { onExceptionBody?(trainer, module, error) }
}

/// Something that watches a training, in Lightning's words. Called before the module's hook of the same name.
open class Callback {
  public init() {}
  open func setup(_ trainer: Trainer, _ module: LightningModuleBase, stage: Stage) throws {}
  open func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onTrainBatchEnd(_ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int) throws {}
  open func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func onFitEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  open func teardown(_ trainer: Trainer, _ module: LightningModuleBase, stage: Stage) throws {}
}

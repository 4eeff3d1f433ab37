public import LevinTensor

/// A model with its training, in Lightning's words. Override steps and hooks.
open class LightningModule<Batch>: LightningModuleBase {
  /// The loss of one batch (a scalar that records gradients); nil skips the batch.
  open func trainingStep(_ batch: Batch, batchIndex: Int) throws -> Tensor? { fatalError("skeleton") }
  open func validationStep(_ batch: Batch, batchIndex: Int) throws {}
  open func testStep(_ batch: Batch, batchIndex: Int) throws {}
  open func onTrainBatchStart(_ batch: Batch, batchIndex: Int) throws {}
  open func onTrainBatchEnd(_ loss: Tensor?, _ batch: Batch, batchIndex: Int) throws {}
}

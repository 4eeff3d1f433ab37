public import LevinTensor

/// A model and how it is trained (Lightning's `LightningModule`).
///
/// Override steps and hooks.
///
/// `Batch` is the type of the loaders' batches, for example `(Tensor, Tensor)`.
open class LightningModule<Batch>: LightningModuleBase {
  /// Returns the loss of one batch, a scalar that records gradients; nil skips the batch.
  open func trainingStep(_ batch: Batch, batchIndex: Int) throws -> Tensor? {
    throw notOverridden("trainingStep(_:batchIndex:)", "there is a loader of training batches")
  }
  open func validationStep(_ batch: Batch, batchIndex: Int) throws {
    throw notOverridden("validationStep(_:batchIndex:)", "there is a loader of validation batches")
  }
  open func testStep(_ batch: Batch, batchIndex: Int) throws {
    throw notOverridden("testStep(_:batchIndex:)", "there is a loader of test batches")
  }
  /// Returns the output for one batch, for `predict`.
  open func predictStep(_ batch: Batch, batchIndex: Int) throws -> Tensor {
    throw notOverridden("predictStep(_:batchIndex:)", "there is a loader of batches to predict")
  }

  /// Returns whether to continue; false skips the rest of the epoch.
  open func onTrainBatchStart(_ batch: Batch, batchIndex: Int) throws -> Bool { true }
  open func onTrainBatchEnd(_ loss: Tensor?, _ batch: Batch, batchIndex: Int) throws {}
  open func onValidationBatchStart(_ batch: Batch, batchIndex: Int) throws {}
  open func onValidationBatchEnd(_ batch: Batch, batchIndex: Int) throws {}
  open func onTestBatchStart(_ batch: Batch, batchIndex: Int) throws {}
  open func onTestBatchEnd(_ batch: Batch, batchIndex: Int) throws {}
  open func onPredictBatchStart(_ batch: Batch, batchIndex: Int) throws {}
  open func onPredictBatchEnd(_ output: Tensor, _ batch: Batch, batchIndex: Int) throws {}

  private func notOverridden(_ method: String, _ reason: String) -> TrainerError {
    .notOverridden(method: method, type: "\(type(of: self))", reason: reason)
  }
}

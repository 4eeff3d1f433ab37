public import LevinData
public import LevinTensor

/// A model and how it is trained (Lightning's `LightningModule`).
///
/// Override steps and hooks.
///
/// `Batch` is the type of the loaders' batches, for example `(Tensor, Tensor)`.
open class LightningModule<Batch>: LightningModuleBase {
  /// Returns the loss of one batch, a scalar that records gradients; nil skips the batch.
  ///
  /// In manual optimization (``LightningModuleBase/automaticOptimization``) the loss is only passed on to hooks.
  open func trainingStep(_ batch: Batch, batchIndex: Int) throws -> Tensor? {
    throw notOverridden("trainingStep(_:batchIndex:)", "there is a loader of training batches")
  }
  /// Evaluates one batch; what it returns is passed to ``onValidationBatchEnd(_:_:batchIndex:)`` and to callbacks, and kept
  /// until the end of the pass for ``LightningModuleBase/outputs(as:loaderIndex:)``.
  @discardableResult
  open func validationStep(_ batch: Batch, batchIndex: Int) throws -> Any? {
    throw notOverridden("validationStep(_:batchIndex:)", "there is a loader of validation batches")
  }
  /// Evaluates one batch of a test; see ``validationStep(_:batchIndex:)``.
  @discardableResult
  open func testStep(_ batch: Batch, batchIndex: Int) throws -> Any? {
    throw notOverridden("testStep(_:batchIndex:)", "there is a loader of test batches")
  }
  /// Returns the output for one batch, of any type, for `predict`.
  open func predictStep(_ batch: Batch, batchIndex: Int) throws -> Any? {
    throw notOverridden("predictStep(_:batchIndex:)", "there is a loader of batches to predict")
  }
  /// Changes a batch before the step, for example by MixUp.
  ///
  /// Called in every stage; ``LightningModuleBase/trainer`` tells which.
  open func onAfterBatchTransfer(_ batch: Batch, loaderIndex: Int) throws -> Batch { batch }

  // MARK: Around a batch

  /// Returns whether to continue; false skips the rest of the epoch.
  open func onTrainBatchStart(_ batch: Batch, batchIndex: Int) throws -> Bool { true }
  open func onTrainBatchEnd(_ loss: Tensor?, _ batch: Batch, batchIndex: Int) throws {}
  open func onValidationBatchStart(_ batch: Batch, batchIndex: Int) throws {}
  open func onValidationBatchEnd(_ outputs: Any?, _ batch: Batch, batchIndex: Int) throws {}
  open func onTestBatchStart(_ batch: Batch, batchIndex: Int) throws {}
  open func onTestBatchEnd(_ outputs: Any?, _ batch: Batch, batchIndex: Int) throws {}
  open func onPredictBatchStart(_ batch: Batch, batchIndex: Int) throws {}
  open func onPredictBatchEnd(_ outputs: Any?, _ batch: Batch, batchIndex: Int) throws {}

  // MARK: Data

  // A module that is trained without a data module and without loaders has them itself.

  open func trainDataLoader() throws -> BatchLoader<Batch> {
    throw notOverridden(
      "trainDataLoader()", "fit was called without loaders and without a data module")
  }
  /// The loader of the validation batches; nil to train without validation.
  open func validationDataLoader() throws -> BatchLoader<Batch>? { nil }
  open func testDataLoader() throws -> BatchLoader<Batch> {
    throw notOverridden(
      "testDataLoader()", "test was called without loaders and without a data module")
  }
  open func predictDataLoader() throws -> BatchLoader<Batch> {
    throw notOverridden(
      "predictDataLoader()", "predict was called without loaders and without a data module")
  }
  /// All loaders of validation batches, read one after another; by default ``validationDataLoader()``.
  open func validationDataLoaders() throws -> [BatchLoader<Batch>] {
    try validationDataLoader().map { [$0] } ?? []
  }
  /// All loaders of test batches, read one after another; by default ``testDataLoader()``.
  open func testDataLoaders() throws -> [BatchLoader<Batch>] { [try testDataLoader()] }
  /// All loaders of batches to predict, read one after another; by default ``predictDataLoader()``.
  open func predictDataLoaders() throws -> [BatchLoader<Batch>] { [try predictDataLoader()] }

  private func notOverridden(_ method: String, _ reason: String) -> TrainerError {
    .notOverridden(method: method, type: "\(type(of: self))", reason: reason)
  }
}

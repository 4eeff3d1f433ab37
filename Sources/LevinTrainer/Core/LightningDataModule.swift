public import LevinData

/// The data of an experiment: downloads it, opens it, and provides loaders.
///
/// For several loaders of one kind, override the method that ends in `Loaders`.
open class LightningDataModule<Batch> {
  /// A data module without data.
  public init() {}
  /// Called once before ``setup(stage:)``, to download data, for example.
  open func prepareData() async throws {}
  /// Opens the data that the loaders of `stage` need.
  open func setup(stage: Stage) throws {}
  open func trainDataLoader() throws -> BatchLoader<Batch> {
    throw notOverridden("trainDataLoader()", "fit needs training batches")
  }
  /// The loader of the validation batches; nil to train without validation.
  open func validationDataLoader() throws -> BatchLoader<Batch>? { nil }
  open func testDataLoader() throws -> BatchLoader<Batch> {
    throw notOverridden("testDataLoader()", "test needs batches")
  }
  open func predictDataLoader() throws -> BatchLoader<Batch> {
    throw notOverridden("predictDataLoader()", "predict needs batches")
  }
  /// All loaders of validation batches, read one after another; by default ``validationDataLoader()``.
  open func validationDataLoaders() throws -> [BatchLoader<Batch>] {
    try validationDataLoader().map { [$0] } ?? []
  }
  /// All loaders of test batches, read one after another; by default ``testDataLoader()``.
  open func testDataLoaders() throws -> [BatchLoader<Batch>] { [try testDataLoader()] }
  /// All loaders of batches to predict, read one after another; by default ``predictDataLoader()``.
  open func predictDataLoaders() throws -> [BatchLoader<Batch>] { [try predictDataLoader()] }
  /// Changes a batch before the step, for example by MixUp; called before the module's method of this name.
  open func onAfterBatchTransfer(_ batch: Batch, loaderIndex: Int) throws -> Batch { batch }
  /// A short text that identifies the test set, such as its ``Dataset/fingerprint``; nil, the default, if there is none.
  ///
  /// A training reads it after ``setup(stage:)`` with `.fit` and keeps it in its checkpoints, so that a test of the
  /// checkpoint on other data says so.
  open var testFingerprint: String? { nil }
  open func teardown(stage: Stage) throws {}
  /// Called when a run ends with an error.
  open func onException(_ error: any Error) {}
  /// The state of the data module for a checkpoint, as text (such as JSON); nil if it has none.
  open func state() throws -> String? { nil }
  /// Restores what ``state()`` returned; called before the loaders are asked for.
  open func restore(_ state: String) throws {}

  private func notOverridden(_ method: String, _ reason: String) -> TrainerError {
    .notOverridden(method: method, type: "\(type(of: self))", reason: reason)
  }
}

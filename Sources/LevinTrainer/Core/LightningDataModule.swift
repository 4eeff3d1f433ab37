public import LevinData

/// The data of an experiment: downloads it, opens it, and provides loaders.
open class LightningDataModule<Batch> {
  /// A data module without data.
  public init() {}
  /// Called once before ``setup(stage:)``, to download data, for example.
  open func prepareData() async throws {}
  /// Opens the data that the loaders of `stage` need.
  open func setup(stage: Stage) throws {}
  open func trainDataLoader() throws -> DataLoader<Batch> {
    throw notOverridden("trainDataLoader()", "fit needs training batches")
  }
  /// The loader of the validation batches; nil to train without validation.
  open func validationDataLoader() throws -> DataLoader<Batch>? { nil }
  open func testDataLoader() throws -> DataLoader<Batch> {
    throw notOverridden("testDataLoader()", "test needs batches")
  }
  open func predictDataLoader() throws -> DataLoader<Batch> {
    throw notOverridden("predictDataLoader()", "predict needs batches")
  }
  /// A short text that identifies the test set, such as its ``Dataset/fingerprint``; nil, the default, if there is none.
  ///
  /// A training reads it after ``setup(stage:)`` with `.fit` and keeps it in its checkpoints, so that a test of the
  /// checkpoint on other data says so.
  open var testFingerprint: String? { nil }
  open func teardown(stage: Stage) throws {}
  /// Called when a run ends with an error.
  open func onException(_ error: any Error) {}

  private func notOverridden(_ method: String, _ reason: String) -> TrainerError {
    .notOverridden(method: method, type: "\(type(of: self))", reason: reason)
  }
}

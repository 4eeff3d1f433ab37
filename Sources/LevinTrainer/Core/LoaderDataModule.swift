internal import LevinData

/// A data module made of single loaders.
final class LoaderDataModule<Batch>: LightningDataModule<Batch> {
  private let training, validation, test, prediction: DataLoader<Batch>?

  init(
    training: DataLoader<Batch>? = nil, validation: DataLoader<Batch>? = nil,
    test: DataLoader<Batch>? = nil, prediction: DataLoader<Batch>? = nil
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.prediction = prediction
  }

  override func trainDataLoader() throws -> DataLoader<Batch> {
    try training ?? super.trainDataLoader()
  }
  override func validationDataLoader() throws -> DataLoader<Batch>? { validation }
  override func testDataLoader() throws -> DataLoader<Batch> {
    try test ?? super.testDataLoader()
  }
  override var testFingerprint: String? { test?.dataset.fingerprint }
  override func predictDataLoader() throws -> DataLoader<Batch> {
    try prediction ?? super.predictDataLoader()
  }
}

internal import LevinData

/// A data module made of loaders.
final class LoaderDataModule<Batch>: LightningDataModule<Batch> {
  private let training: BatchLoader<Batch>?
  private let validation, test, prediction: [BatchLoader<Batch>]

  init(
    training: BatchLoader<Batch>? = nil, validation: [BatchLoader<Batch>] = [],
    test: [BatchLoader<Batch>] = [], prediction: [BatchLoader<Batch>] = []
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.prediction = prediction
  }

  override func trainDataLoader() throws -> BatchLoader<Batch> {
    try training ?? super.trainDataLoader()
  }
  override func validationDataLoaders() throws -> [BatchLoader<Batch>] { validation }
  override func testDataLoaders() throws -> [BatchLoader<Batch>] { test }
  override func predictDataLoaders() throws -> [BatchLoader<Batch>] { prediction }
  override var testFingerprint: String? { test.first?.fingerprint }
}

/// The data of a module that has its own loaders.
final class ModuleData<Batch>: LightningDataModule<Batch> {
  private let module: LightningModule<Batch>

  init(of module: LightningModule<Batch>) { self.module = module }

  override func trainDataLoader() throws -> BatchLoader<Batch> { try module.trainDataLoader() }
  override func validationDataLoaders() throws -> [BatchLoader<Batch>] {
    try module.validationDataLoaders()
  }
  override func testDataLoaders() throws -> [BatchLoader<Batch>] { try module.testDataLoaders() }
  override func predictDataLoaders() throws -> [BatchLoader<Batch>] {
    try module.predictDataLoaders()
  }
}

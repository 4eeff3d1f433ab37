public import LevinData

/// The data of an experiment: download once, open, and hand out loaders.
open class LightningDataModule<Batch> {
  public init() {}
  open func prepareData() async throws {}
  open func setup(stage: Stage) throws {}
  open func trainDataLoader() throws -> DataLoader<Batch> { fatalError("skeleton") }
  open func validationDataLoader() throws -> DataLoader<Batch>? { nil }
  open func testDataLoader() throws -> DataLoader<Batch> { fatalError("skeleton") }
  open func teardown(stage: Stage) throws {}
}

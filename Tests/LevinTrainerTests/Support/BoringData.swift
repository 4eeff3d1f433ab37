import Levin

/// `[samples, 4]` of numbers that differ from sample to sample.
struct BoringSet: Dataset {
  let count: Int
  func batch(at indices: ArraySlice<Int>) -> Tensor {
    let values = indices.flatMap { index in (0..<4).map { Float((index * 7 + $0 * 3) % 11) / 11 } }
    return Tensor(values, shape: [indices.count, 4])
  }
}

/// Small loaders for every stage.
class BoringData: LightningDataModule<Tensor> {
  var trainCount = 8
  var validationCount = 8
  var emptyValidation = false
  var batchSize = 4
  var shuffles = false
  var workerCount = 0

  override func trainDataLoader() throws -> DataLoader<Tensor> {
    DataLoader(
      BoringSet(count: trainCount), batchSize: batchSize, shuffle: shuffles,
      workerCount: workerCount)
  }
  override func validationDataLoader() throws -> DataLoader<Tensor>? {
    if emptyValidation { return DataLoader(BoringSet(count: 0), batchSize: batchSize) }
    return validationCount == 0
      ? nil : DataLoader(BoringSet(count: validationCount), batchSize: batchSize)
  }
  override func testDataLoader() throws -> DataLoader<Tensor> {
    DataLoader(BoringSet(count: 8), batchSize: batchSize)
  }
  override func predictDataLoader() throws -> DataLoader<Tensor> {
    DataLoader(BoringSet(count: 8), batchSize: batchSize)
  }
}

public import Levin

/// Handwritten digits, or another dataset in the same format; split 80/20 for training and validation.
public final class DigitDataModule: LightningDataModule<LabeledImages>, Configurable {
  public struct Hyperparameters: HyperparameterSet {
    public var dataset = ImageDataset.mnist
    public var root = "."
    public var mirror = ""
    public var batchSize = 64
    public var numWorkers = 0
    public init() {}
  }
  public let hyperparameters: Hyperparameters
  let transform = Compose(ToTensor(), Normalize(mean: [0.5], standardDeviation: [0.5]))
  var trainSet, validationSet, testSet: (any Dataset<LabeledImages>)!

  public init(_ hyperparameters: Hyperparameters = .init()) {
    self.hyperparameters = hyperparameters
  }

  public override func prepareData() async throws {
    try await hyperparameters.dataset.prepare(
      root: hyperparameters.root, mirror: hyperparameters.mirror)
  }

  public override func setup(stage: Stage) throws {
    switch stage {
    case .fit:
      // The test set, too: its fingerprint goes into checkpoints.
      let sets = try hyperparameters.dataset.openBoth(
        root: hyperparameters.root, transform: transform)
      split(sets.train)
      testSet = sets.test
    case .validate: split(try open(train: true))
    case .test, .predict: if testSet == nil { testSet = try open(train: false) }
    }
  }

  private func open(train: Bool) throws -> any Dataset<LabeledImages> {
    try hyperparameters.dataset.open(
      root: hyperparameters.root, train: train, transform: transform)
  }

  private func split(_ fullSet: any Dataset<LabeledImages>) {
    let trainCount = fullSet.count * 8 / 10
    let parts = randomSplit(
      fullSet, [trainCount, fullSet.count - trainCount], generator: Generator(seed: 42))
    (trainSet, validationSet) = (parts[0], parts[1])
  }

  public override func trainDataLoader() -> DataLoader<LabeledImages> { loader(trainSet) }
  public override func validationDataLoader() -> DataLoader<LabeledImages>? {
    loader(validationSet)
  }
  public override func testDataLoader() -> DataLoader<LabeledImages> { loader(testSet) }
  public override var testFingerprint: String? { testSet?.fingerprint }
  public override func predictDataLoader() -> DataLoader<LabeledImages> { loader(testSet) }

  private func loader(_ dataset: any Dataset<LabeledImages>) -> DataLoader<LabeledImages> {
    DataLoader(
      dataset, batchSize: hyperparameters.batchSize, workerCount: hyperparameters.numWorkers)
  }
}

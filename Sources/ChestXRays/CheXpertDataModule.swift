public import Levin

/// Chest X-rays of CheXpert, or of MIMIC-CXR-JPG.
public final class CheXpertDataModule: LightningDataModule<ChestXRayBatch>, Configurable {
  public struct Hyperparameters: HyperparameterSet {
    public var dataset = Source.chexpert
    public var dataPath = "../"
    public var tasks = ChestFinding.competition
    public var views = Views.all
    public var uncertain = LabelPolicy.Uncertain.ones
    public var uncertainOnes: [ChestFinding] = []
    public var uncertainZeros: [ChestFinding] = []
    public var uncertainIgnored: [ChestFinding] = []
    public var unmentioned = LabelPolicy.Unmentioned.zero
    public var validationFraction = 0.0
    public var imageSize = 320
    public var augment = false
    public var balance = false
    public var damaged = DamagedImages.fail
    public var batchSize = 16
    public var numWorkers = 4
    public init() {}
  }
  public let hyperparameters: Hyperparameters
  var trainSet, validationSet, testSet: ChestXRayDataset!

  public init(_ hyperparameters: Hyperparameters = .init()) {
    self.hyperparameters = hyperparameters
  }

  public override func setup(stage: Stage) throws {
    switch stage {
    case .fit, .validate:
      let (train, validation) = try lists()
      trainSet = dataset(train, policy: policy, augment: hyperparameters.augment)
      validationSet = dataset(validation, policy: evaluationPolicy)
      describe("train", train)
      describe("val", validation)
    case .test, .predict:
      let test = try testList()
      testSet = dataset(test, policy: evaluationPolicy)
      describe("test", test)
    }
  }

  public override func trainDataLoader() -> DataLoader<ChestXRayBatch> {
    guard hyperparameters.balance else { return loader(trainSet, shuffle: true) }
    let weights = trainSet.samplingWeights
    return DataLoader(
      trainSet, batchSize: hyperparameters.batchSize,
      sampler: WeightedRandomSampler(weights: weights, count: weights.count),
      workerCount: hyperparameters.numWorkers)
  }
  public override func validationDataLoader() -> DataLoader<ChestXRayBatch>? {
    loader(validationSet)
  }
  public override func testDataLoader() -> DataLoader<ChestXRayBatch> { loader(testSet) }
  public override func predictDataLoader() -> DataLoader<ChestXRayBatch> { loader(testSet) }
  public override var testFingerprint: String? {
    (try? testList()).flatMap { dataset($0, policy: evaluationPolicy).fingerprint }
  }

  private func loader(
    _ dataset: ChestXRayDataset, shuffle: Bool = false
  ) -> DataLoader<ChestXRayBatch> {
    DataLoader(
      dataset, batchSize: hyperparameters.batchSize, shuffle: shuffle,
      workerCount: hyperparameters.numWorkers)
  }

  private func dataset(
    _ list: ChestXRayList, policy: LabelPolicy, augment: Bool = false
  ) -> ChestXRayDataset {
    let side = hyperparameters.imageSize
    var steps: [any ImageTransform] = [Resize(.exactly(height: side, width: side))]
    if augment {
      steps.append(
        RandomAffine(
          degrees: -10...10, translate: (0.05, 0.05), scale: 0.95...1.05, interpolation: .bilinear))
    }
    steps += [
      ToRGB(), ToTensor(),
      Normalize(mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225]),
    ]
    return ChestXRayDataset(
      list, tasks: hyperparameters.tasks, policy: policy, transform: Compose(steps),
      damaged: hyperparameters.damaged)
  }
}

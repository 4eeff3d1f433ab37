import DigitClassifier
import Levin

/// The steps of the tutorial's training, through Levin's public API and without the Trainer.
struct TutorialSteps {
  /// The floating-point operations of the matrix products in one step of 64 images.
  static let operationsPerStep = 29_081_600.0

  private let data: DigitDataModule
  private let loader: DataLoader<LabeledImages>
  private let model = Sequential(Linear(784, 128), ReLU(), Linear(128, 64), ReLU(), Linear(64, 10))
  private let lossFunction = CrossEntropyLoss()
  private let optimizer: Adam

  /// The number of steps in an epoch.
  var stepCount: Int { loader.count }

  /// Throws if MNIST cannot be read.
  init() throws {
    data = DigitDataModule()
    try data.setup(stage: .fit)
    loader = data.trainDataLoader()
    optimizer = Adam(model.parameters, learningRate: 1e-3)
  }

  /// Trains one epoch: batches gathered and normalized from bytes, forward, loss, backward, Adam.
  func trainEpoch() {
    for (images, labels) in loader {
      optimizer.zeroGradients()
      lossFunction(model(images.reshaped(to: [-1, 784])), labels).backward()
      optimizer.step()
    }
  }

  /// The seconds of an epoch, measured `count` times.
  func epochs(_ count: Int) -> [Double] { sampled(count) { elapsed(trainEpoch) } }
}

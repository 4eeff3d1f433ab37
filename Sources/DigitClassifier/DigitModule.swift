public import Levin

/// The tutorial's classifier of handwritten digits.
public final class DigitModule: LightningModule<LabeledImages>, Configurable {
  public struct Hyperparameters: HyperparameterSet {
    public var learningRate = 1e-3
    public init() {}
    public func validate() throws {
      try require("model.learning_rate", learningRate, atLeast: 0)
    }
  }
  public let hyperparameters: Hyperparameters
  let model = Sequential(
    Linear(784, 128), ReLU(), Linear(128, 64), ReLU(), Linear(64, 10))
  let lossFunction = CrossEntropyLoss()

  public init(_ hyperparameters: Hyperparameters = .init()) {
    self.hyperparameters = hyperparameters
  }

  public override func configureOptimizers() -> any OptimizerConfiguration {
    Adam(model.parameters, learningRate: hyperparameters.learningRate)
  }

  public override func forward(_ x: Tensor) -> Tensor { model(x.reshaped(to: [-1, 784])) }

  public override func trainingStep(_ batch: LabeledImages, batchIndex: Int) -> Tensor? {
    let (x, y) = batch
    let output = forward(x)
    let loss = lossFunction(output, y)
    log("train/loss", loss)
    if batchIndex == 0 { logImages("train", x, y, output) }
    return loss
  }

  public override func validationStep(_ batch: LabeledImages, batchIndex: Int) -> Any? {
    evaluate("val", batch, batchIndex)
  }

  public override func testStep(_ batch: LabeledImages, batchIndex: Int) -> Any? {
    evaluate("test", batch, batchIndex)
  }

  public override func predictStep(_ batch: LabeledImages, batchIndex: Int) -> Any? {
    forward(batch.images).argmax(dimension: 1)
  }

  private func evaluate(_ stage: String, _ batch: LabeledImages, _ batchIndex: Int) {
    let (x, y) = batch
    let output = forward(x)
    log("\(stage)/loss", lossFunction(output, y))
    log("\(stage)/acc", accuracy(output, y, classCount: 10))
    if batchIndex == 0 { logImages(stage, x, y, output) }
  }

  /// Logs the first batch of an epoch: its pictures, and its true and predicted labels.
  private func logImages(_ stage: String, _ x: Tensor, _ y: Tensor, _ output: Tensor) {
    logger.addImage("\(stage)/inputs", makeGrid(x), step: currentEpoch)
    logger.addText("\(stage)/targets", "\(y)", step: currentEpoch)
    logger.addText("\(stage)/preds", "\(output.argmax(dimension: 1))", step: currentEpoch)
  }
}

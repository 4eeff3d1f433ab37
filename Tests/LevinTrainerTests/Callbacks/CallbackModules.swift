import Levin

/// A backbone with batch normalization, and a head.
class DeepModule: LightningModule<Tensor> {
  let backbone = Sequential(Linear(4, 3), BatchNorm1d(3))
  let head = Linear(3, 2)
  var learningRate = 0.05

  override func configureOptimizers() throws -> any OptimizerConfiguration {
    SGD(parameters.filter(\.requiresGradient), learningRate: learningRate)
  }
  override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
    let output = head(backbone(batch))
    let loss = (output - 1).squared().mean()
    log("train/loss", loss)
    return loss
  }
  override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
    log("val/loss", (head(backbone(batch)) - 1).squared().mean())
  }
  override func predictStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
    head(backbone(batch))
  }

  /// All weights and buffers as bits, to be compared exactly.
  var bits: [UInt64] {
    stateDictionary.flatMap {
      $0.tensor.to(.float64).scalars(as: Double.self).map(\.bitPattern)
    }
  }
  /// The values of a parameter.
  func values(_ name: String) -> [Double] {
    parameter(at: name)?.value.to(.float64).scalars(as: Double.self) ?? []
  }
}

/// A module whose metric takes the given values, epoch by epoch.
final class Scored: BoringModule {
  let scores: [Double]
  init(_ scores: [Double]) { self.scores = scores }
  override func onValidationEpochEnd() throws {
    log("score", scores[min(currentEpoch, scores.count - 1)])
  }
}

/// A module whose n-th training step fails, from 0.
final class Failing: DeepModule {
  struct Failure: Error {}
  var step: Int
  private var count = 0
  init(atStep step: Int) { self.step = step }
  override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
    count += 1
    if count == step + 1 { throw Failure() }
    return try super.trainingStep(batch, batchIndex: batchIndex)
  }
}

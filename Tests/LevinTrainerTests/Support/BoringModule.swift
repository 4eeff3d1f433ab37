import Levin

/// The smallest module that trains.
class BoringModule: LightningModule<Tensor> {
  let layer = Linear(4, 2)

  override func configureOptimizers() throws -> any OptimizerConfiguration {
    Adam(layer.parameters, learningRate: 0.05)
  }
  override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
    let output = layer(batch)
    let loss = (output * output).mean()
    log("train/loss", loss)
    return loss
  }
  override func validationStep(_ batch: Tensor, batchIndex: Int) throws -> Any? {
    log("val/x", layer(batch).mean())
  }
  override func testStep(_ batch: Tensor, batchIndex: Int) throws -> Any? { log("test/x", 1.0) }
  override func predictStep(_ batch: Tensor, batchIndex: Int) throws -> Any? { layer(batch) }

  /// All weights as bits, to be compared exactly.
  var bits: [UInt32] {
    parameters.flatMap { $0.value.scalars(as: Float.self).map(\.bitPattern) }
  }
}

public import LevinOptimizers

/// The result of ``LightningModuleBase/configureOptimizers()``: an optimizer.
public protocol OptimizerConfiguration {
  var optimizers: [Optimizer] { get }
}
extension Optimizer: OptimizerConfiguration {
  /// This optimizer alone.
  public var optimizers: [Optimizer] { [self] }
}

public import LevinOptimizers

/// The result of ``LightningModuleBase/configureOptimizers()``: an optimizer.
public protocol OptimizerConfiguration {
  var optimizers: [Optimizer] { get }
}
extension Optimizer: OptimizerConfiguration {
  /// The optimizer itself.
  public var optimizers: [Optimizer] { [self] }
}

public import LevinOptimizers

/// What ``LightningModuleBase/configureOptimizers()`` may give: an optimizer, or one with its schedulers.
public protocol OptimizerConfiguration {
  var optimizers: [Optimizer] { get }
}
extension Optimizer: OptimizerConfiguration {
  /// The optimizer alone.
  public var optimizers: [Optimizer] { [self] }
}

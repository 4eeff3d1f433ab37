public import LevinConfiguration

/// A module or data module that is created from hyperparameters: the command line sets them, and a run records them.
public protocol Configurable: AnyObject, SendableMetatype {
  associatedtype Hyperparameters: HyperparameterSet
  init(_ hyperparameters: Hyperparameters)
  var hyperparameters: Hyperparameters { get }
}

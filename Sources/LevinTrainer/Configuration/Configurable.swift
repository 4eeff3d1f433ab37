/// Hyperparameters: a plain struct whose stored properties have defaults.
public protocol HyperparameterSet: Codable, Sendable {
  init()
}
/// A module or data module that is built from hyperparameters, so that the command line can set them and a run can record them.
public protocol Configurable: AnyObject {
  associatedtype Hyperparameters: HyperparameterSet
  init(_ hyperparameters: Hyperparameters)
  var hyperparameters: Hyperparameters { get }
}

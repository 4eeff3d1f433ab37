internal import LevinSystem
public import LevinTensor

/// Changes parameters by their gradients.
open class Optimizer {
  /// The parameters, in the order that they were given.
  public let parameters: [Parameter]
  /// The learning rate of the next step.
  public var learningRate: Double

  /// An optimizer of these parameters.
  public init(_ parameters: [Parameter], learningRate: Double) {
    self.parameters = parameters
    self.learningRate = learningRate
  }

  /// One step; to be overridden.
  open func step() {
    fail("step()", "no override in \(type(of: self))", expected: "one in each optimizer")
  }

  /// Forgets all gradients.
  public func zeroGradients() {
    for parameter in parameters { parameter.zeroGradient() }
  }

  /// State for a checkpoint, by the parameter's index (`0.exp_avg`) or for all (`step`).
  open var state: [String: Tensor] { [:] }

  /// Puts back what ``state`` gave.
  ///
  /// Throws ``OptimizerStateError`` where names or shapes do not fit.
  open func restore(_ state: [String: Tensor]) throws {}
}

/// A checkpoint's optimizer state that does not fit.
public struct OptimizerStateError: Error, CustomStringConvertible {
  /// What does not fit.
  public let description: String
}

internal import LevinSystem
public import LevinTensor

/// Updates parameters from their gradients.
open class Optimizer {
  /// The parameters in the order in which they were given.
  public let parameters: [Parameter]
  /// The learning rate of the next step.
  public var learningRate: Double

  /// Creates an optimizer of these parameters.
  public init(_ parameters: [Parameter], learningRate: Double) {
    self.parameters = parameters
    self.learningRate = learningRate
  }

  /// Makes one step; subclasses must override this.
  open func step() {
    fail("step()", "no override in \(type(of: self))", expected: "one in each optimizer")
  }

  /// Clears all gradients.
  public func zeroGradients() {
    for parameter in parameters { parameter.zeroGradient() }
  }

  /// The state for a checkpoint, by the parameter's index (`0.exp_avg`) or for all (`step`).
  open var state: [String: Tensor] { [:] }

  /// Restores what ``state`` returned.
  ///
  /// Throws ``OptimizerStateError`` if names or shapes do not match.
  open func restore(_ state: [String: Tensor]) throws {}
}

/// The optimizer state of a checkpoint does not match.
public struct OptimizerStateError: Error, CustomStringConvertible {
  /// What does not match.
  public let description: String
}

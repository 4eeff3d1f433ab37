public import LevinTensor

/// Changes parameters by their gradients.
open class Optimizer {
  /// The parameters, in the order that they were given.
  public let parameters: [Parameter]
  /// The learning rate of the next step.
  public var learningRate: Double
  public init(_ parameters: [Parameter], learningRate: Double) {
    self.parameters = parameters
    self.learningRate = learningRate
  }
  /// One step.
  open func step() { fatalError("skeleton") }
  /// Forgets all gradients.
  public func zeroGradients() { for parameter in parameters { parameter.zeroGradient() } }
  /// Named state tensors for a checkpoint, by the parameter's index (`0.exp_avg`) or for all (`step`).
  open var state: [String: Tensor] { [:] }
  /// Puts back what ``state`` gave; throws where names or shapes do not fit.
  open func restore(_ state: [String: Tensor]) throws {}
}
/// Adam (Kingma and Ba 2015) with PyTorch's formula and defaults.
public final class Adam: Optimizer {
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) { super.init(parameters, learningRate: learningRate) }
}

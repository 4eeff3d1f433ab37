internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// Adamax: Adam with the infinity norm (Kingma and Ba 2015, section 7.1), as `torch.optim.Adamax`.
public final class Adamax: TypedOptimizer<Adamax.Options> {
  /// The options of ``Adamax``.
  public struct Options: BetaOptions, DecayOptions {
    /// How far a step goes.
    public var learningRate = 2e-3
    /// How much of the average of gradients, and of their greatest magnitude, stays in a step.
    public var betas = [0.9, 0.999]
    /// The number added to a gradient's magnitude.
    public var epsilon = 1e-8
    /// The multiple of each parameter that is added to its gradient.
    public var weightDecay = 0.0
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 2e-3, betas: [Double] = [0.9, 0.999], epsilon: Double = 1e-8,
      weightDecay: Double = 0, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.betas = betas
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.maximize = maximize
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require(betas: betas)
      try requireNotNegative("epsilon", epsilon)
      try requireNotNegative("weight_decay", weightDecay)
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": OptionHelp.learningRate,
      "betas": "How much of the average of gradients, and of their greatest size, stays in a step.",
      "epsilon": "What is added to a gradient's size.",
      "weight_decay": OptionHelp.weightDecay, "maximize": OptionHelp.maximize,
    ]
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    state.step += 1
    let betas = options.betas
    let slope = options.slope(gradient, of: &value)
    let average = state["exp_avg", default: slope.zerosLike()].lerp(slope, 1 - betas[0])
    let size = Tensor.maximum(
      state["exp_inf", default: slope.zerosLike()] * betas[1], slope.absolute() + options.epsilon)
    (state["exp_avg"], state["exp_inf"]) = (average, size)
    let correction = 1 - betas[0].raised(to: Double(state.step))
    value -= average / size * (options.learningRate / correction)
  }
}

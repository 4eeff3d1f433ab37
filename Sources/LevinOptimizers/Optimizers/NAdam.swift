internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// NAdam: Adam with Nesterov's momentum (Dozat 2016), as `torch.optim.NAdam`.
public final class NAdam: TypedOptimizer<NAdam.Options> {
  /// The options of ``NAdam``.
  public struct Options: BetaOptions, DecayOptions {
    /// How far a step goes.
    public var learningRate = 2e-3
    /// The decay rates of the running averages of the gradients and of their squares.
    public var betas = [0.9, 0.999]
    /// The number added to the root of the average square.
    public var epsilon = 1e-8
    /// The multiple of each parameter that is added to its gradient.
    public var weightDecay = 0.0
    /// How fast the momentum grows towards the first beta.
    public var momentumDecay = 4e-3
    /// Whether weight decay shrinks the value instead, as in ``AdamW``.
    public var decoupledWeightDecay = false
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 2e-3, betas: [Double] = [0.9, 0.999], epsilon: Double = 1e-8,
      weightDecay: Double = 0, momentumDecay: Double = 4e-3, decoupledWeightDecay: Bool = false,
      maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.betas = betas
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.momentumDecay = momentumDecay
      self.decoupledWeightDecay = decoupledWeightDecay
      self.maximize = maximize
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require(betas: betas)
      try requireNotNegative("epsilon", epsilon)
      try requireNotNegative("weight_decay", weightDecay)
      try requireNotNegative("momentum_decay", momentumDecay)
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": OptionHelp.learningRate, "betas": OptionHelp.betas,
      "epsilon": OptionHelp.epsilon, "weight_decay": OptionHelp.weightDecay,
      "momentum_decay": "How fast the momentum grows towards the first beta.",
      "decoupled_weight_decay": "Whether weight decay shrinks the value instead.",
      "maximize": OptionHelp.maximize,
    ]
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    state.step += 1
    let (step, rate, betas) = (Double(state.step), options.learningRate, options.betas)
    let slope = options.slope(gradient, of: &value)
    func momentum(_ step: Double) -> Double {
      betas[0] * (1 - 0.5 * 0.96.raised(to: step * options.momentumDecay))
    }
    let (now, next) = (momentum(step), momentum(step + 1))
    // Kept in the default dtype, and therefore rounded to it.
    let product = (state["mu_product"] ?? .ones([])) * now
    let average = state["exp_avg", default: slope.zerosLike()].lerp(slope, 1 - betas[0])
    let square =
      state["exp_avg_sq", default: slope.zerosLike()] * betas[1] + slope * slope * (1 - betas[1])
    (state["mu_product"], state["exp_avg"], state["exp_avg_sq"]) = (product, average, square)
    let spread = (square / (1 - betas[1].raised(to: step))).sqrt() + options.epsilon
    value -= slope / spread * (rate * (1 - now) / (1 - product.item()))
    value -= average / spread * (rate * next / (1 - product.item() * next))
  }
}

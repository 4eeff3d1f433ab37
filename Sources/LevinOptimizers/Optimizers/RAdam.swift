internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// RAdam: Adam with a rectified variance (Liu and others 2020), as `torch.optim.RAdam`.
public final class RAdam: TypedOptimizer<RAdam.Options> {
  /// The options of ``RAdam``.
  public struct Options: BetaOptions, DecayOptions {
    /// How far a step goes.
    public var learningRate = 1e-3
    /// The decay rates of the running averages of the gradients and of their squares.
    public var betas = [0.9, 0.999]
    /// The number added to the root of the average square.
    public var epsilon = 1e-8
    /// The multiple of each parameter that is added to its gradient.
    public var weightDecay = 0.0
    /// Whether weight decay shrinks the value instead, as in ``AdamW``.
    public var decoupledWeightDecay = false
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-3, betas: [Double] = [0.9, 0.999], epsilon: Double = 1e-8,
      weightDecay: Double = 0, decoupledWeightDecay: Bool = false, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.betas = betas
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.decoupledWeightDecay = decoupledWeightDecay
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
      "learning_rate": OptionHelp.learningRate, "betas": OptionHelp.betas,
      "epsilon": OptionHelp.epsilon, "weight_decay": OptionHelp.weightDecay,
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
    let average = state["exp_avg", default: slope.zerosLike()].lerp(slope, 1 - betas[0])
    let square =
      state["exp_avg_sq", default: slope.zerosLike()] * betas[1] + slope * slope * (1 - betas[1])
    (state["exp_avg"], state["exp_avg_sq"]) = (average, square)
    let power = betas[1].raised(to: step)
    let corrected = average / (1 - betas[0].raised(to: step))
    // The length of the average, and its limit; below 5 the variance is not reliable.
    let longest = 2 / (1 - betas[1]) - 1
    let length = longest - 2 * step * power / (1 - power)
    guard length > 5 else {
      value -= corrected * rate
      return
    }
    let rectified =
      ((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
      .squareRoot()
    let size = rate * (1 - power).squareRoot() * rectified
    value -= corrected / (square.sqrt() + options.epsilon) * size
  }
}

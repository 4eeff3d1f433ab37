internal import LevinConfiguration
public import LevinTensor

/// RMSprop (Hinton, lecture 6e of 2012; centred as in Graves 2013), as `torch.optim.RMSprop`.
public final class RMSprop: TypedOptimizer<RMSprop.Options> {
  /// The options of ``RMSprop``.
  public struct Options: MomentumOptions, DecayOptions {
    /// How far a step goes.
    public var learningRate = 1e-2
    /// How much of the average of squares stays in a step.
    public var alpha = 0.99
    /// The number added to the root of the average square.
    public var epsilon = 1e-8
    /// The multiple of each parameter that is added to its gradient.
    public var weightDecay = 0.0
    /// How much of the sum of steps stays in a step; with 0 there is no sum.
    public var momentum = 0.0
    /// Whether gradients are divided by their standard deviation instead of their root mean square.
    public var centered = false
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8,
      weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.alpha = alpha
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.momentum = momentum
      self.centered = centered
      self.maximize = maximize
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try requireNotNegative("alpha", alpha)
      try requireNotNegative("epsilon", epsilon)
      try requireNotNegative("weight_decay", weightDecay)
      try requireNotNegative("momentum", momentum)
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": OptionHelp.learningRate,
      "alpha": "How much of the average of squares stays in a step.",
      "epsilon": OptionHelp.epsilon, "weight_decay": OptionHelp.weightDecay,
      "momentum": "How much of the sum of steps stays in a step; 0 sums nothing.",
      "centered":
        "Whether gradients are divided by their standard deviation rather than by their size.",
      "maximize": OptionHelp.maximize,
    ]
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    state.step += 1
    let alpha = options.alpha
    let slope = options.slope(gradient, of: &value)
    state["square_avg", default: slope.zerosLike()] *= alpha
    state["square_avg", default: slope] += slope * slope * (1 - alpha)
    var square = state["square_avg", default: slope]
    if options.centered {
      let average = state["grad_avg", default: slope.zerosLike()].lerp(slope, 1 - alpha)
      state["grad_avg"] = average
      square = square - average * average
    }
    let scaled = slope / (square.sqrt() + options.epsilon)
    guard options.momentum > 0 else {
      value -= scaled * options.learningRate
      return
    }
    state["momentum_buffer", default: slope.zerosLike()] *= options.momentum
    state["momentum_buffer", default: slope] += scaled
    value -= state["momentum_buffer", default: slope] * options.learningRate
  }
}

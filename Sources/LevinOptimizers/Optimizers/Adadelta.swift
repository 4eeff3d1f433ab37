internal import LevinConfiguration
public import LevinTensor

/// Adadelta (Zeiler 2012), as `torch.optim.Adadelta`.
public final class Adadelta: TypedOptimizer<Adadelta.Options> {
  /// The options of ``Adadelta``.
  public struct Options: DecayOptions {
    /// How far a step goes.
    public var learningRate = 1.0
    /// How much of the averages of squares stays in a step, 0 to 1.
    public var rho = 0.9
    /// The number added to the averages before their roots are taken.
    public var epsilon = 1e-6
    /// The multiple of each parameter that is added to its gradient.
    public var weightDecay = 0.0
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0,
      maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.rho = rho
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.maximize = maximize
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      guard (0...1).contains(rho) else {
        throw ConfigError("rho: found \(rho); expected a number from 0 to 1", key: "rho")
      }
      try requireNotNegative("epsilon", epsilon)
      try requireNotNegative("weight_decay", weightDecay)
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": OptionHelp.learningRate,
      "rho": "How much of the averages of squares stays in a step.",
      "epsilon": "What is added to the averages before their roots.",
      "weight_decay": OptionHelp.weightDecay, "maximize": OptionHelp.maximize,
    ]
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    state.step += 1
    let (rho, epsilon) = (options.rho, options.epsilon)
    let slope = options.slope(gradient, of: &value)
    state["square_avg", default: slope.zerosLike()] *= rho
    state["square_avg", default: slope] += slope * (1 - rho) * slope
    let spread = (state["square_avg", default: slope] + epsilon).sqrt()
    let delta = (state["acc_delta", default: slope.zerosLike()] + epsilon).sqrt() / spread * slope
    state["acc_delta", default: slope.zerosLike()] *= rho
    state["acc_delta", default: slope] += delta * (1 - rho) * delta
    value -= delta * options.learningRate
  }
}

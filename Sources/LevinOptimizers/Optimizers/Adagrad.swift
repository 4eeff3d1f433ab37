internal import LevinConfiguration
public import LevinTensor

/// Adagrad (Duchi, Hazan and Singer 2011), as `torch.optim.Adagrad`.
public final class Adagrad: TypedOptimizer<Adagrad.Options> {
  /// The options of ``Adagrad``.
  public struct Options: DecayOptions {
    /// How far a step goes.
    public var learningRate = 1e-2
    /// How fast the learning rate falls: in step t it is divided by 1 + (t − 1) times this.
    public var learningRateDecay = 0.0
    /// The multiple of each parameter that is added to its gradient.
    public var weightDecay = 0.0
    /// The initial value of the sum of squares.
    public var initialAccumulatorValue = 0.0
    /// The number added to the root of the sum of squares.
    public var epsilon = 1e-10
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-2, learningRateDecay: Double = 0, weightDecay: Double = 0,
      initialAccumulatorValue: Double = 0, epsilon: Double = 1e-10, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.learningRateDecay = learningRateDecay
      self.weightDecay = weightDecay
      self.initialAccumulatorValue = initialAccumulatorValue
      self.epsilon = epsilon
      self.maximize = maximize
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try requireNotNegative("learning_rate_decay", learningRateDecay)
      try requireNotNegative("weight_decay", weightDecay)
      try requireNotNegative("initial_accumulator_value", initialAccumulatorValue)
      try requireNotNegative("epsilon", epsilon)
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": OptionHelp.learningRate,
      "learning_rate_decay": "How fast the learning rate falls with the steps.",
      "weight_decay": OptionHelp.weightDecay,
      "initial_accumulator_value": "What the sum of squares begins with.",
      "epsilon": OptionHelp.epsilon, "maximize": OptionHelp.maximize,
    ]
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    state.step += 1
    let slope = options.slope(gradient, of: &value)
    state["sum", default: slope.fullLike(options.initialAccumulatorValue)] += slope * slope
    let rate = options.learningRate / (1 + Double(state.step - 1) * options.learningRateDecay)
    value -= slope / (state["sum", default: slope].sqrt() + options.epsilon) * rate
  }
}

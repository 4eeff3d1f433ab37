internal import LevinConfiguration
public import LevinTensor

/// Stochastic gradient descent with momentum (Sutskever and others 2013), as `torch.optim.SGD`.
public final class SGD: TypedOptimizer<SGD.Options> {
  /// The options of ``SGD``.
  public struct Options: MomentumOptions, DecayOptions {
    /// How far a step goes.
    public var learningRate = 1e-3
    /// How much of the sum of gradients stays in a step; with 0 there is no sum.
    public var momentum = 0.0
    /// How much of a gradient is left out of the sum.
    public var dampening = 0.0
    /// The multiple of each parameter that is added to its gradient.
    public var weightDecay = 0.0
    /// Whether a step looks ahead by the momentum; requires a momentum and no dampening.
    public var nesterov = false
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0,
      weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.momentum = momentum
      self.dampening = dampening
      self.weightDecay = weightDecay
      self.nesterov = nesterov
      self.maximize = maximize
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try requireNotNegative("momentum", momentum)
      try requireNotNegative("weight_decay", weightDecay)
      if nesterov, momentum <= 0 || dampening != 0 {
        throw ConfigError(
          "nesterov: found a momentum of \(momentum) and a dampening of \(dampening); "
            + "expected a momentum above 0 and no dampening", key: "nesterov")
      }
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": OptionHelp.learningRate,
      "momentum": "How much of the sum of gradients stays in a step; 0 sums nothing.",
      "dampening": "How much of a gradient is left out of the sum.",
      "weight_decay": OptionHelp.weightDecay,
      "nesterov": "Whether a step looks ahead by the momentum.",
      "maximize": OptionHelp.maximize,
    ]
  }

  override func update(_ parameter: Parameter, _ state: inout ParameterState, _ options: Options) {
    guard parameter.dtype == .float32 else { return super.update(parameter, &state, options) }
    guard parameter.hasGradient else { return }
    let (sum, hasMomentum) = ("momentum_buffer", options.momentum != 0)
    let isFirst = state[sum] == nil
    if hasMomentum, isFirst {
      state[sum] = .zeros(parameter.shape, dtype: .float32, device: parameter.device)
    }
    let rule = UpdateRule.SGD(
      learningRate: options.learningRate, momentum: options.momentum,
      dampening: options.dampening, weightDecay: options.weightDecay,
      isNesterov: options.nesterov, maximizes: options.maximize, isFirst: isFirst)
    if hasMomentum {
      parameter.update(.sgd(rule), state: &state.tensors)
    } else {
      var none: [Tensor] = []
      parameter.update(.sgd(rule), state: &none)
    }
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    var direction = options.slope(gradient, of: &value)
    if options.momentum != 0 {
      let sum = "momentum_buffer"
      if state[sum] == nil {
        state[sum] = direction
      } else {
        state[sum, default: direction] *= options.momentum
        state[sum, default: direction] += direction * (1 - options.dampening)
      }
      let buffer = state[sum, default: direction]
      direction = options.nesterov ? direction + buffer * options.momentum : buffer
    }
    value -= direction * options.learningRate
  }
}

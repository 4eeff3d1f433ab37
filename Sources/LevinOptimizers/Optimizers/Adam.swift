internal import LevinConfiguration
internal import LevinSystem
internal import LevinTensor

/// Adam (Kingma and Ba 2015), with AMSGrad (Reddi, Kale and Kumar 2018), as `torch.optim.Adam`.
public final class Adam: TypedOptimizer<Adam.Options> {
  /// The options of ``Adam``.
  public struct Options: BetaOptions, DecayOptions {
    /// How far a step goes.
    public var learningRate = 1e-3
    /// The decay rates of the running averages of the gradients and of their squares.
    public var betas = [0.9, 0.999]
    /// The number added to the root of the average square.
    public var epsilon = 1e-8
    /// The multiple of each parameter that is added to its gradient.
    public var weightDecay = 0.0
    /// Whether the largest of all average squares is used.
    public var amsgrad = false
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false
    /// Whether weight decay shrinks the value instead, as in ``AdamW``.
    public var decoupledWeightDecay = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-3, betas: [Double] = [0.9, 0.999], epsilon: Double = 1e-8,
      weightDecay: Double = 0, amsgrad: Bool = false, maximize: Bool = false,
      decoupledWeightDecay: Bool = false
    ) {
      self.learningRate = learningRate
      self.betas = betas
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.amsgrad = amsgrad
      self.maximize = maximize
      self.decoupledWeightDecay = decoupledWeightDecay
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
      "amsgrad": "Whether the largest of all average squares is used.",
      "maximize": OptionHelp.maximize,
      "decoupled_weight_decay": "Whether weight decay shrinks the value instead.",
    ]
  }

  override func update(_ parameter: Parameter, _ state: inout ParameterState, _ options: Options) {
    options.change(parameter, &state)
  }
}

extension Adam.Options {
  private static let names = ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]

  /// Makes one step, with a kernel for float32, and with the formula for other dtypes.
  func change(_ parameter: Parameter, _ state: inout ParameterState) {
    guard parameter.hasGradient else { return }
    state.step += 1
    let count = amsgrad ? 3 : 2
    while state.tensors.count < count {
      state[Self.names[state.tensors.count]] = .zeros(
        parameter.shape, dtype: parameter.dtype, device: parameter.device)
    }
    guard parameter.dtype == .float32 else {
      return parameter.update { value, gradient in change(&value, by: gradient, &state) }
    }
    let rule = UpdateRule.Adam(
      learningRate: learningRate, betas: (betas[0], betas[1]), epsilon: epsilon,
      weightDecay: weightDecay, isDecoupled: decoupledWeightDecay, maximizes: maximize,
      step: state.step)
    parameter.update(.adam(rule), state: &state.tensors)
  }

  private func change(_ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState) {
    let slope = slope(gradient, of: &value)
    let step = Double(state.step)
    let correction = (1 - betas[0].raised(to: step), 1 - betas[1].raised(to: step))
    state.tensors[0] = state.tensors[0].lerp(slope, 1 - betas[0])
    state.tensors[1] *= betas[1]
    state.tensors[1] += slope * slope * (1 - betas[1])
    var square = state.tensors[1]
    if amsgrad {
      square = Tensor.maximum(state.tensors[2], square)
      state.tensors[2] = square
    }
    let spread = square.sqrt() / correction.1.squareRoot() + epsilon
    value -= state.tensors[0] / spread * (learningRate / correction.0)
  }
}

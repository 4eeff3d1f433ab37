internal import LevinConfiguration
internal import LevinTensor

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as `torch.optim.AdamW`.
public final class AdamW: TypedOptimizer<AdamW.Options> {
  /// The options of ``AdamW``.
  public struct Options: BetaOptions, DecayOptions {
    /// How far a step goes.
    public var learningRate = 1e-3
    /// The decay rates of the running averages of the gradients and of their squares.
    public var betas = [0.9, 0.999]
    /// The number added to the root of the average square.
    public var epsilon = 1e-8
    /// How much a value shrinks in a step, times the learning rate.
    public var weightDecay = 1e-2
    /// Whether the largest of all average squares is used.
    public var amsgrad = false
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-3, betas: [Double] = [0.9, 0.999], epsilon: Double = 1e-8,
      weightDecay: Double = 1e-2, amsgrad: Bool = false, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.betas = betas
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.amsgrad = amsgrad
      self.maximize = maximize
    }

    /// True: weight decay shrinks the value.
    public var decoupledWeightDecay: Bool { true }

    /// The equivalent options of ``Adam``.
    var adam: Adam.Options {
      .init(
        learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay,
        amsgrad: amsgrad, maximize: maximize, decoupledWeightDecay: true)
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws { try adam.validate() }

    /// A sentence about each option.
    public static let help = Adam.Options.help
      .merging(["weight_decay": OptionHelp.decoupledDecay]) { $1 }
      .filter { $0.key != "decoupled_weight_decay" }
  }

  override func update(_ parameter: Parameter, _ state: inout ParameterState, _ options: Options) {
    options.adam.change(parameter, &state)
  }
}

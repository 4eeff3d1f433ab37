internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// Averaged stochastic gradient descent (Polyak and Juditsky 1992), as `torch.optim.ASGD`.
///
/// The averages are in the state as `ax`.
public final class ASGD: TypedOptimizer<ASGD.Options> {
  /// The options of ``ASGD``.
  public struct Options: DecayOptions {
    /// How far a step goes.
    public var learningRate = 1e-2
    /// How much a value shrinks in a step, times the learning rate (PyTorch's `lambd`).
    public var decay = 1e-4
    /// The exponent by which the learning rate falls with the steps.
    public var alpha = 0.75
    /// The step at which averaging begins (PyTorch's `t0`).
    public var averagingStart = 1e6
    /// The multiple of each parameter that is added to its gradient.
    public var weightDecay = 0.0
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-2, decay: Double = 1e-4, alpha: Double = 0.75,
      averagingStart: Double = 1e6, weightDecay: Double = 0, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.decay = decay
      self.alpha = alpha
      self.averagingStart = averagingStart
      self.weightDecay = weightDecay
      self.maximize = maximize
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws { try requireNotNegative("weight_decay", weightDecay) }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": OptionHelp.learningRate, "decay": OptionHelp.decoupledDecay,
      "alpha": "How fast the learning rate falls: a power of the steps.",
      "averaging_start": "The step at which averaging begins.",
      "weight_decay": OptionHelp.weightDecay, "maximize": OptionHelp.maximize,
    ]
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    state.step += 1
    // Both are kept in the default dtype, and therefore rounded to it.
    let eta = state["eta"] ?? .full([], options.learningRate, dtype: .default)
    let mu = state["mu"] ?? .ones([])
    let slope = options.slope(gradient, of: &value)
    value *= 1 - options.decay * eta.item()
    value -= slope * eta.item()
    let average = state["ax"] ?? value.zerosLike()
    state["ax"] = mu.item() == 1 ? value : average + (value - average) * mu.item()
    let (rate, step) = (options.learningRate, Double(state.step))
    let fall = (1 + options.decay * rate * step).raised(to: options.alpha)
    state["eta"] = .full([], rate / fall, dtype: .default)
    state["mu"] = .full([], 1 / max(1, step - options.averagingStart), dtype: .default)
  }
}

public import LevinConfiguration
public import LevinTensor

/// The options of an optimizer, with PyTorch's defaults; each group of parameters has its own set.
///
/// They are hyperparameters like any other, so a command line and a configuration file can set them.
public protocol OptimizerOptions: HyperparameterSet {
  /// How far a step goes (PyTorch's `lr`), 0 or more.
  var learningRate: Double { get set }
}

/// Options with a momentum that schedulers may change: PyTorch's `momentum`, or the first of its `betas`.
public protocol MomentumOptions: OptimizerOptions {
  /// How much of the averaged gradient stays in a step, 0 to 1.
  var momentum: Double { get set }
}

/// Options with PyTorch's `betas`, of which the first is the momentum.
public protocol BetaOptions: MomentumOptions {
  /// The fractions of the running averages that remain in a step, each from 0 to below 1.
  var betas: [Double] { get set }
}

extension BetaOptions {
  /// The first beta.
  public var momentum: Double {
    get { betas[0] }
    set { betas[0] = newValue }
  }
}

/// Options with PyTorch's `weight_decay` and `maximize`.
public protocol DecayOptions: OptimizerOptions {
  /// The multiple of each parameter that is added to its gradient, or, if the decay is decoupled, how much a value shrinks
  /// in a step, times the learning rate.
  var weightDecay: Double { get set }
  /// Whether steps maximize the loss instead of minimizing it.
  var maximize: Bool { get set }
  /// Whether weight decay shrinks the value instead, as in ``AdamW``.
  var decoupledWeightDecay: Bool { get }
}

extension DecayOptions {
  /// False: weight decay changes the gradient.
  public var decoupledWeightDecay: Bool { false }

  /// The direction against which a step goes: the gradient, turned around to maximize, with the weight decay.
  ///
  /// If the decay is decoupled, the value shrinks here.
  public func slope(_ gradient: Tensor, of value: inout Tensor) -> Tensor {
    let slope = maximize ? -gradient : gradient
    guard weightDecay != 0 else { return slope }
    guard decoupledWeightDecay else { return slope + value * weightDecay }
    value *= 1 - learningRate * weightDecay
    return slope
  }
}

extension OptimizerOptions {
  /// Throws ``ConfigError`` unless `value` is a finite number of 0 or more.
  func requireNotNegative(_ key: String, _ value: Double) throws {
    try require(key, value, atLeast: 0)
  }

  /// Throws ``ConfigError`` unless there are two betas from 0 to below 1.
  func require(betas: [Double]) throws {
    guard betas.count == 2, betas.allSatisfy({ (0..<1).contains($0) }) else {
      throw ConfigError(
        "betas: found \(betas); expected two numbers from 0 to below 1", key: "betas")
    }
  }
}

/// Help texts for options that several optimizers have.
enum OptionHelp {
  static let learningRate = "How far a step goes."
  static let betas = "How much of the averages of gradients and of their squares stays in a step."
  static let epsilon = "What is added to a denominator."
  static let weightDecay = "What of a value is added to its gradient."
  static let decoupledDecay = "How much a value shrinks in a step, times the learning rate."
  static let maximize = "Whether steps go up instead of down."
}

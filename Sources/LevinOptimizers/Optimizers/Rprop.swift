internal import LevinConfiguration
public import LevinTensor

/// Rprop (Riedmiller and Braun 1993), as `torch.optim.Rprop`: steps that depend only on the gradient's sign, for training
/// with the whole data as one batch.
public final class Rprop: TypedOptimizer<Rprop.Options> {
  /// The options of ``Rprop``.
  public struct Options: OptimizerOptions {
    /// How far the first step goes.
    public var learningRate = 1e-2
    /// The factors by which a step shrinks if the sign has changed, and grows if it has not.
    public var etas = [0.5, 1.2]
    /// The shortest and the longest step.
    public var stepSizes = [1e-6, 50]
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-2, etas: [Double] = [0.5, 1.2], stepSizes: [Double] = [1e-6, 50],
      maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.etas = etas
      self.stepSizes = stepSizes
      self.maximize = maximize
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      guard etas.count == 2, 0 < etas[0], etas[0] < 1, 1 < etas[1] else {
        throw ConfigError(
          "etas: found \(etas); expected one between 0 and 1 and one above 1", key: "etas")
      }
      guard stepSizes.count == 2, stepSizes[0] <= stepSizes[1] else {
        throw ConfigError(
          "step_sizes: found \(stepSizes); expected the shortest and the longest step",
          key: "step_sizes")
      }
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": "How far the first step goes.",
      "etas": "By how much a step shrinks where the sign changed, and grows where it did not.",
      "step_sizes": "The shortest and the longest step.", "maximize": OptionHelp.maximize,
    ]
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    state.step += 1
    var slope = options.maximize ? -gradient : gradient
    let before = state["prev", default: slope.zerosLike()]
    let size = state["step_size", default: slope.fullLike(options.learningRate)]
    let agreement = slope * before
    let turned = agreement .< 0
    let growth = slope.onesLike()
      .maskedFill(agreement .> 0, with: options.etas[1]).maskedFill(turned, with: options.etas[0])
    let changed = (size * growth).clamped(options.stepSizes[0], options.stepSizes[1])
    slope = slope.maskedFill(turned, with: 0)
    (state["prev"], state["step_size"]) = (slope, changed)
    value -= slope.sign() * changed
  }
}

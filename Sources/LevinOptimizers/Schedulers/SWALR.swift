public import LevinConfiguration
internal import LevinSystem

/// Moves the rate to a constant one, for averaging weights (Izmailov and others 2018; PyTorch's `SWALR`).
public final class SWALR: TypedScheduler<SWALR.Options> {
  override var hasValueForEachGroup: Bool { true }
  /// The options of ``SWALR``.
  public struct Options: HyperparameterSet {
    /// The constant rate: one for all groups, or one per group (PyTorch's `swa_lr`).
    public var averagingRates = [1e-2]
    /// The number of steps until it is reached.
    public var annealEpochs = 10
    /// The shape of the curve towards it.
    public var annealStrategy = OneCycleLR.Annealing.cos

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      averagingRates: [Double], annealEpochs: Int = 10,
      annealStrategy: OneCycleLR.Annealing = .cos
    ) {
      self.averagingRates = averagingRates
      self.annealEpochs = annealEpochs
      self.annealStrategy = annealStrategy
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws { try require("anneal_epochs", annealEpochs, atLeast: 0) }
    /// A sentence about each option.
    public static let help = [
      "averaging_rates": "The constant rate: one for all groups, or one a group.",
      "anneal_epochs": "The steps until it is reached.", "anneal_strategy": "The way to it.",
    ]
  }

  private let goals: [Double]

  public override init(_ optimizer: Optimizer, _ options: Options) {
    goals = Self.spread(options.averagingRates, "averaging rates", over: optimizer, for: "SWALR")
    super.init(optimizer, options)
  }

  /// The part of the way that is done after `steps` steps, 0 to 1.
  private func done(_ steps: Int) -> Double {
    let part = max(0, min(1, Double(steps) / Double(max(1, options.annealEpochs))))
    return options.annealStrategy == .cos ? (1 - (Double.pi * part).cosine) / 2 : part
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    let step = options.annealEpochs == 0 ? max(1, stepCount - 1) : stepCount - 1
    let (before, now, goal) = (done(step - 1), done(step), goals[group])
    let first = before == 1 ? goal : (current - before * goal) / (1 - before)
    return goal * now + first * (1 - now)
  }
}

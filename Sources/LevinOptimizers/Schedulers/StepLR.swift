public import LevinConfiguration
internal import LevinSystem

/// Multiplies the rate by `gamma` after every `stepSize` steps (PyTorch's `StepLR`).
public final class StepLR: TypedScheduler<StepLR.Options> {
  /// The options of ``StepLR``.
  public struct Options: HyperparameterSet {
    /// The number of steps after which the rate changes.
    public var stepSize = 30
    /// The factor that the rate is multiplied by.
    public var gamma = 0.1

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(stepSize: Int, gamma: Double = 0.1) {
      (self.stepSize, self.gamma) = (stepSize, gamma)
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws { try require("step_size", stepSize, atLeast: 1) }
    /// A sentence about each option.
    public static let help = [
      "step_size": "After how many steps the rate changes.",
      "gamma": "What the rate is multiplied by.",
    ]
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    lastEpoch == 0 || lastEpoch % options.stepSize != 0 ? current : current * options.gamma
  }

  override func closedRate(base: Double, group: Int) -> Double? {
    base * options.gamma.raised(to: Double(lastEpoch / options.stepSize))
  }
}

/// Multiplies the rate by `gamma` at each milestone (PyTorch's `MultiStepLR`).
public final class MultiStepLR: TypedScheduler<MultiStepLR.Options> {
  /// The options of ``MultiStepLR``.
  public struct Options: HyperparameterSet {
    /// The steps at which the rate changes; a step that is listed twice counts twice.
    public var milestones: [Int] = []
    /// The factor that the rate is multiplied by.
    public var gamma = 0.1

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(milestones: [Int], gamma: Double = 0.1) {
      (self.milestones, self.gamma) = (milestones, gamma)
    }

    /// A sentence about each option.
    public static let help = [
      "milestones": "The steps at which the rate changes.",
      "gamma": "What the rate is multiplied by.",
    ]
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    let count = options.milestones.count { $0 == lastEpoch }
    return count == 0 ? current : current * options.gamma.raised(to: Double(count))
  }

  override func closedRate(base: Double, group: Int) -> Double? {
    base * options.gamma.raised(to: Double(options.milestones.count { $0 <= lastEpoch }))
  }
}

/// Multiplies the rate by `gamma` in every step (PyTorch's `ExponentialLR`).
public final class ExponentialLR: TypedScheduler<ExponentialLR.Options> {
  /// The options of ``ExponentialLR``.
  public struct Options: HyperparameterSet {
    /// The factor that the rate is multiplied by.
    public var gamma = 0.9

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(gamma: Double) { self.gamma = gamma }

    /// A sentence about each option.
    public static let help = ["gamma": "What the rate is multiplied by."]
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    isInitial ? current : current * options.gamma
  }

  override func closedRate(base: Double, group: Int) -> Double? {
    base * options.gamma.raised(to: Double(lastEpoch))
  }
}

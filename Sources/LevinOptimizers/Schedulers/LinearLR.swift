public import LevinConfiguration
internal import LevinSystem

/// A fraction of the rate for the first steps, then all of it (PyTorch's `ConstantLR`).
public final class ConstantLR: TypedScheduler<ConstantLR.Options> {
  /// The options of ``ConstantLR``.
  public struct Options: HyperparameterSet {
    /// The factor that the rate is multiplied by at first, 0 to 1.
    public var factor = 1.0 / 3
    /// The number of those steps.
    public var totalIters = 5

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(factor: Double = 1.0 / 3, totalIters: Int = 5) {
      (self.factor, self.totalIters) = (factor, totalIters)
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws { try require("factor", factor, in: 0...1) }
    /// A sentence about each option.
    public static let help = [
      "factor": "What the rate is multiplied by at first.", "total_iters": "For how many steps.",
    ]
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    if lastEpoch == 0 { return current * options.factor }
    return lastEpoch == options.totalIters ? current * (1 / options.factor) : current
  }

  override func closedRate(base: Double, group: Int) -> Double? {
    base * (options.factor + (lastEpoch >= options.totalIters ? 1 - options.factor : 0))
  }
}

/// A fraction of the rate that changes linearly during the first steps, for instance as a warm-up (PyTorch's `LinearLR`).
public final class LinearLR: TypedScheduler<LinearLR.Options> {
  /// The options of ``LinearLR``.
  public struct Options: HyperparameterSet {
    /// The factor that the rate is multiplied by in the beginning, above 0 and at most 1.
    public var startFactor = 1.0 / 3
    /// The factor in the end, 0 to 1.
    public var endFactor = 1.0
    /// The number of those steps.
    public var totalIters = 5

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(startFactor: Double = 1.0 / 3, endFactor: Double = 1, totalIters: Int = 5) {
      (self.startFactor, self.endFactor, self.totalIters) = (startFactor, endFactor, totalIters)
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      guard startFactor > 0, startFactor <= 1 else {
        throw ConfigError(
          "start_factor: found \(startFactor); expected a number above 0, and at most 1",
          key: "start_factor")
      }
      try require("end_factor", endFactor, in: 0...1)
    }
    /// A sentence about each option.
    public static let help = [
      "start_factor": "What the rate is multiplied by in the beginning.",
      "end_factor": "What it is multiplied by in the end.", "total_iters": "For how many steps.",
    ]
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    let (start, end) = (options.startFactor, options.endFactor)
    if lastEpoch == 0 { return current * start }
    if isInitial || lastEpoch > options.totalIters { return current }
    let way = Double(options.totalIters) * start + Double(lastEpoch - 1) * (end - start)
    return current * (1 + (end - start) / way)
  }

  override func closedRate(base: Double, group: Int) -> Double? {
    let done = Double(min(options.totalIters, lastEpoch)) / Double(options.totalIters)
    return base * (options.startFactor + (options.endFactor - options.startFactor) * done)
  }
}

/// The rate times a power of the fraction of steps that are left (PyTorch's `PolynomialLR`).
public final class PolynomialLR: TypedScheduler<PolynomialLR.Options> {
  /// The options of ``PolynomialLR``.
  public struct Options: HyperparameterSet {
    /// The number of steps after which the rate is 0.
    public var totalIters = 5
    /// The power.
    public var power = 1.0

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(totalIters: Int = 5, power: Double = 1) {
      (self.totalIters, self.power) = (totalIters, power)
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws { try require("total_iters", totalIters, atLeast: 1) }
    /// A sentence about each option.
    public static let help = [
      "total_iters": "After how many steps the rate is 0.", "power": "The power.",
    ]
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    if isInitial || lastEpoch > options.totalIters { return current }
    let total = Double(options.totalIters)
    let left = (1 - Double(lastEpoch) / total) / (1 - Double(lastEpoch - 1) / total)
    return current * left.raised(to: options.power)
  }

  override func closedRate(base: Double, group: Int) -> Double? {
    let done = Double(min(options.totalIters, lastEpoch)) / Double(options.totalIters)
    return base * (1 - done).raised(to: options.power)
  }
}

public import LevinConfiguration
internal import LevinSystem

/// Multiplies the rates by a factor when a value has not improved for a while (PyTorch's `ReduceLROnPlateau`).
///
/// During training it receives the logged value that ``LearningRateScheduler/monitor`` names.
public final class ReduceLROnPlateau: TypedScheduler<ReduceLROnPlateau.Options> {
  /// Which values are better.
  public enum Mode: String, Codable, CaseIterable, Sendable { case min, max }
  /// Whether a threshold is relative to the best value, or absolute.
  public enum ThresholdMode: String, Codable, CaseIterable, Sendable { case rel, abs }

  /// The options of ``ReduceLROnPlateau``.
  public struct Options: HyperparameterSet {
    /// Which values are better.
    public var mode = Mode.min
    /// The factor that the rates are multiplied by, below 1.
    public var factor = 0.1
    /// The number of values in a row that need not be better.
    public var patience = 10
    /// The least difference of a better value.
    public var threshold = 1e-4
    /// Whether the threshold is relative to the best value, or absolute.
    public var thresholdMode = ThresholdMode.rel
    /// The number of values that do not count after a change.
    public var cooldown = 0
    /// The lowest rate: one for all groups, or one per group.
    public var minRates = [0.0]
    /// The size of a change up to which the rate stays the same.
    public var epsilon = 1e-8

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      mode: Mode = .min, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
      thresholdMode: ThresholdMode = .rel, cooldown: Int = 0, minRates: [Double] = [0],
      epsilon: Double = 1e-8
    ) {
      self.mode = mode
      self.factor = factor
      self.patience = patience
      self.threshold = threshold
      self.thresholdMode = thresholdMode
      self.cooldown = cooldown
      self.minRates = minRates
      self.epsilon = epsilon
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      guard factor < 1 else {
        throw ConfigError("factor: found \(factor); expected a number below 1", key: "factor")
      }
    }
    /// A sentence about each option.
    public static let help = [
      "mode": "Which values are better.", "factor": "What the rates are multiplied by.",
      "patience": "How many values may be no better.",
      "threshold": "By how much a better value differs.",
      "threshold_mode": "Whether the threshold is a part of the best value, or a number.",
      "cooldown": "How many values do not count after a change.",
      "min_rates": "The least rate: one for all groups, or one a group.",
      "epsilon": "Smaller changes are not made.",
    ]
  }

  /// The best value so far; infinite before the first one.
  public private(set) var best: Double
  private var cooldownLeft = 0
  private var badCount = 0
  private let minRates: [Double]

  /// Creates a scheduler for a logged value.
  public init(_ optimizer: Optimizer, _ options: Options = .init(), monitor: String? = nil) {
    best = Self.worst(options.mode)
    minRates = Self.spread(
      options.minRates, "least rates", over: optimizer, for: "ReduceLROnPlateau")
    super.init(optimizer, options)
    self.monitor = monitor
  }

  /// The best value before the first one.
  private static func worst(_ mode: Mode) -> Double { mode == .min ? .infinity : -.infinity }

  override func begin() { lastEpoch = 0 }

  public override func step() {
    fail("ReduceLROnPlateau.step()", "no value", expected: "the value that it watches: step(_:)")
  }

  /// Takes the next value, and lowers the rates if it is time to.
  public func step(_ value: Double) {
    lastEpoch += 1
    if isBetter(value) {
      (best, badCount) = (value, 0)
    } else {
      badCount += 1
    }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      badCount = 0
    }
    guard badCount > options.patience else { return }
    (cooldownLeft, badCount) = (options.cooldown, 0)
    for (group, least) in zip(optimizer.groups, minRates) {
      let lower = max(group.learningRate * options.factor, least)
      if group.learningRate - lower > options.epsilon { group.learningRate = lower }
    }
  }

  private func isBetter(_ value: Double) -> Bool {
    switch (options.mode, options.thresholdMode) {
    case (.min, .rel): value < best * (1 - options.threshold)
    case (.min, .abs): value < best - options.threshold
    case (.max, .rel): value > best * (options.threshold + 1)
    case (.max, .abs): value > best + options.threshold
    }
  }

  public override var state: [String: [Double]] {
    // A file of JSON holds no infinity, which `best` is before the first value.
    super.state.merging([
      "best": best.isFinite ? [best] : [], "cooldown_counter": [Double(cooldownLeft)],
      "num_bad_epochs": [Double(badCount)],
    ]) { $1 }
  }

  public override func loadState(_ state: [String: [Double]]) throws {
    let saved = SavedSchedule(state, of: "ReduceLROnPlateau")
    let hasBest = state["best"]?.isEmpty == false
    let numbers = (
      hasBest ? try saved.number("best") : Self.worst(options.mode),
      try saved.count("cooldown_counter"), try saved.count("num_bad_epochs")
    )
    try super.loadState(state)
    (best, cooldownLeft, badCount) = numbers
  }
}

public import LevinConfiguration
internal import LevinSystem

/// Raises the rate and lowers it again, over and over, and the momentum the other way (Smith 2017; PyTorch's `CyclicLR`).
///
/// A step is a batch, unless ``LearningRateScheduler/interval`` says otherwise.
public final class CyclicLR: TypedScheduler<CyclicLR.Options> {
  override var hasValueForEachGroup: Bool { true }
  /// How the height of a cycle changes.
  public enum Mode: String, Codable, CaseIterable, Sendable {
    /// It does not.
    case triangular
    /// Each cycle is half as high as the last.
    case triangular2
    /// It is multiplied by `gamma` in every step.
    case expRange = "exp_range"
  }

  /// The options of ``CyclicLR``.
  public struct Options: HyperparameterSet {
    /// The lowest rate: one for all groups, or one per group.
    public var baseRates = [1e-4]
    /// The highest rate: one for all groups, or one per group.
    public var maxRates = [1e-3]
    /// The number of steps of the way up.
    public var stepSizeUp = 2000
    /// The number of steps of the way down; nil: as many as up.
    public var stepSizeDown: Int?
    /// How the height of a cycle changes.
    public var mode = Mode.triangular
    /// The factor that the height is multiplied by in every step, in the mode `expRange`.
    public var gamma = 1.0
    /// Whether the momentum changes, too.
    public var cycleMomentum = true
    /// The lowest momentum: one for all groups, or one per group.
    public var baseMomentum = [0.8]
    /// The highest momentum: one for all groups, or one per group.
    public var maxMomentum = [0.9]

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      baseRates: [Double], maxRates: [Double], stepSizeUp: Int = 2000, stepSizeDown: Int? = nil,
      mode: Mode = .triangular, gamma: Double = 1, cycleMomentum: Bool = true,
      baseMomentum: [Double] = [0.8], maxMomentum: [Double] = [0.9]
    ) {
      self.baseRates = baseRates
      self.maxRates = maxRates
      self.stepSizeUp = stepSizeUp
      self.stepSizeDown = stepSizeDown
      self.mode = mode
      self.gamma = gamma
      self.cycleMomentum = cycleMomentum
      self.baseMomentum = baseMomentum
      self.maxMomentum = maxMomentum
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require("step_size_up", stepSizeUp, atLeast: 1)
      try require("step_size_down", stepSizeDown ?? 1, atLeast: 1)
    }
    /// A sentence about each option.
    public static let help = [
      "base_rates": "The least rate: one for all groups, or one a group.",
      "max_rates": "The greatest rate: one for all groups, or one a group.",
      "step_size_up": "The steps of the way up.",
      "step_size_down": "The steps of the way down; null: as many as up.",
      "mode": "How the height of a cycle changes.",
      "gamma": "What the height is multiplied by in every step, in the mode exp_range.",
      "cycle_momentum": "Whether the momentum changes too.",
      "base_momentum": "The least momentum: one for all groups, or one a group.",
      "max_momentum": "The greatest momentum: one for all groups, or one a group.",
    ]
  }

  public override class var usualInterval: Interval { .step }

  private let maxRates: [Double]
  private let momentums: (base: [Double], max: [Double])
  private let scale: (_ cycle: Double, _ step: Int) -> Double

  public convenience override init(_ optimizer: Optimizer, _ options: Options) {
    self.init(optimizer, options) { cycle, step in
      switch options.mode {
      case .triangular: 1
      case .triangular2: 1 / 2.0.raised(to: cycle - 1)
      case .expRange: options.gamma.raised(to: Double(step))
      }
    }
  }

  /// Creates a scheduler in which a function replaces the mode: it returns the factor of the height, given the number of the
  /// cycle (from 1) and of the step (from 0).
  public init(
    _ optimizer: Optimizer, _ options: Options,
    scale: @escaping (_ cycle: Double, _ step: Int) -> Double
  ) {
    func spread(_ numbers: [Double], _ what: String) -> [Double] {
      LearningRateScheduler.spread(numbers, what, over: optimizer, for: "CyclicLR")
    }
    let baseRates = spread(options.baseRates, "base rates")
    maxRates = spread(options.maxRates, "maximum rates")
    momentums = (
      spread(options.baseMomentum, "base momentums"),
      spread(options.maxMomentum, "maximum momentums")
    )
    self.scale = scale
    if options.cycleMomentum { Self.checkMomentum(of: optimizer, for: "CyclicLR") }
    for (group, rate) in zip(optimizer.groups, baseRates) {
      group.learningRate = rate
      if group.initialLearningRate == nil { group.initialLearningRate = rate }
    }
    super.init(optimizer, options)
    // The first rates are the base rates, whatever an earlier scheduler began with.
    self.baseRates = baseRates
  }

  /// The height at ``lastEpoch``: 0 to 1, times the scale.
  private var height: Double {
    let up = Double(options.stepSizeUp)
    let length = up + Double(options.stepSizeDown ?? options.stepSizeUp)
    let cycle = (1 + Double(lastEpoch) / length).rounded(.down)
    let place = 1 + Double(lastEpoch) / length - cycle
    let top = up / length
    return (place <= top ? place / top : (place - 1) / (top - 1)) * scale(cycle, lastEpoch)
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    base + (maxRates[group] - base) * height
  }

  override func momentum(group: Int) -> Double? {
    guard options.cycleMomentum else { return nil }
    return momentums.max[group] - (momentums.max[group] - momentums.base[group]) * height
  }
}

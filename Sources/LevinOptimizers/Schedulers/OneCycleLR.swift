public import LevinConfiguration
internal import LevinSystem

/// Raises the rate, then lowers it far below the first one, and the momentum the other way (Smith and Topin 2018;
/// PyTorch's `OneCycleLR`).
///
/// A step is a batch, unless ``LearningRateScheduler/interval`` says otherwise. Traps after more than `totalSteps` steps.
public final class OneCycleLR: TypedScheduler<OneCycleLR.Options> {
  override var hasValueForEachGroup: Bool { true }
  /// The shape of the curve from one rate to the next.
  public enum Annealing: String, Codable, CaseIterable, Sendable { case cos, linear }

  /// The options of ``OneCycleLR``.
  public struct Options: HyperparameterSet {
    /// The highest rate: one for all groups, or one per group.
    public var maxRates = [1e-2]
    /// The number of steps of the whole training.
    public var totalSteps = 1000
    /// The fraction of the steps in which the rate rises, 0 to 1.
    public var pctStart = 0.3
    /// The shape of the curve from one rate to the next.
    public var annealStrategy = Annealing.cos
    /// Whether the momentum changes, too.
    public var cycleMomentum = true
    /// The lowest momentum: one for all groups, or one per group.
    public var baseMomentum = [0.85]
    /// The highest momentum: one for all groups, or one per group.
    public var maxMomentum = [0.95]
    /// The greatest rate divided by the first one.
    public var divFactor = 25.0
    /// The first rate divided by the last one.
    public var finalDivFactor = 1e4
    /// Whether the way back down to the first rate is as long as the way up, and a third phase follows.
    public var threePhase = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      maxRates: [Double], totalSteps: Int, pctStart: Double = 0.3, annealStrategy: Annealing = .cos,
      cycleMomentum: Bool = true, baseMomentum: [Double] = [0.85], maxMomentum: [Double] = [0.95],
      divFactor: Double = 25, finalDivFactor: Double = 1e4, threePhase: Bool = false
    ) {
      self.maxRates = maxRates
      self.totalSteps = totalSteps
      self.pctStart = pctStart
      self.annealStrategy = annealStrategy
      self.cycleMomentum = cycleMomentum
      self.baseMomentum = baseMomentum
      self.maxMomentum = maxMomentum
      self.divFactor = divFactor
      self.finalDivFactor = finalDivFactor
      self.threePhase = threePhase
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require("total_steps", totalSteps, atLeast: 1)
      try require("pct_start", pctStart, in: 0...1)
    }
    /// A sentence about each option.
    public static let help = [
      "max_rates": "The greatest rate: one for all groups, or one a group.",
      "total_steps": "The steps of the whole training.",
      "pct_start": "The part of the steps that goes up.",
      "anneal_strategy": "The way from one rate to the next.",
      "cycle_momentum": "Whether the momentum changes too.",
      "base_momentum": "The least momentum: one for all groups, or one a group.",
      "max_momentum": "The greatest momentum: one for all groups, or one a group.",
      "div_factor": "The greatest rate divided by the first one.",
      "final_div_factor": "The first rate divided by the last one.",
      "three_phase": "Whether the way down to the first rate is as long as the way up.",
    ]
  }

  public override class var usualInterval: Interval { .step }

  /// The rates and momentums of one group.
  private struct Levels {
    let rates: (first: Double, top: Double, last: Double)
    let momentums: (low: Double, high: Double)
  }
  private let levels: [Levels]

  public override init(_ optimizer: Optimizer, _ options: Options) {
    func spread(_ numbers: [Double], _ what: String) -> [Double] {
      LearningRateScheduler.spread(numbers, what, over: optimizer, for: "OneCycleLR")
    }
    let top = spread(options.maxRates, "maximum rates")
    let low = spread(options.baseMomentum, "base momentums")
    let high = spread(options.maxMomentum, "maximum momentums")
    if options.cycleMomentum { Self.checkMomentum(of: optimizer, for: "OneCycleLR") }
    levels = optimizer.groups.indices.map { index in
      let first = top[index] / options.divFactor
      return Levels(
        rates: (first, top[index], first / options.finalDivFactor),
        momentums: (low[index], high[index])
      )
    }
    for (group, level) in zip(optimizer.groups, levels) {
      group.initialLearningRate = level.rates.first
    }
    super.init(optimizer, options)
  }

  /// The phase between two levels, up to a step that need not be a whole number.
  private struct Phase {
    let end: Double
    let rates: (Double, Double)
    let momentums: (Double, Double)
  }

  private func phases(_ level: Levels) -> [Phase] {
    let (total, up) = (Double(options.totalSteps), options.pctStart * Double(options.totalSteps))
    let (rates, momentums) = (level.rates, level.momentums)
    let rise = Phase(
      end: up - 1, rates: (rates.first, rates.top), momentums: (momentums.high, momentums.low))
    guard options.threePhase else {
      return [
        rise,
        Phase(
          end: total - 1, rates: (rates.top, rates.last), momentums: (momentums.low, momentums.high)
        ),
      ]
    }
    return [
      rise,
      Phase(
        end: 2 * up - 2, rates: (rates.top, rates.first), momentums: (momentums.low, momentums.high)
      ),
      Phase(
        end: total - 1, rates: (rates.first, rates.last),
        momentums: (momentums.high, momentums.high)),
    ]
  }

  private func value(group: Int, _ ends: (Phase) -> (Double, Double)) -> Double {
    guard lastEpoch <= options.totalSteps else {
      fail(
        "OneCycleLR", "step \(lastEpoch)", expected: "\(options.totalSteps) steps, its totalSteps")
    }
    let (step, phases) = (Double(lastEpoch), phases(levels[group]))
    let index = phases.firstIndex { step <= $0.end } ?? phases.count - 1
    let start = index == 0 ? 0 : phases[index - 1].end
    let length = phases[index].end - start
    let done = length == 0 ? 1 : (step - start) / length
    let (from, to) = ends(phases[index])
    return switch options.annealStrategy {
    case .cos: to + (from - to) / 2 * ((Double.pi * done).cosine + 1)
    case .linear: (to - from) * done + from
    }
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    value(group: group) { $0.rates }
  }

  override func momentum(group: Int) -> Double? {
    options.cycleMomentum ? value(group: group) { $0.momentums } : nil
  }
}

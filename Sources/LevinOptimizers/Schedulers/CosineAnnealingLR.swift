public import LevinConfiguration
internal import LevinSystem

/// Half a cosine from the rate to `etaMin`, and back (Loshchilov and Hutter 2017; PyTorch's `CosineAnnealingLR`).
public final class CosineAnnealingLR: TypedScheduler<CosineAnnealingLR.Options> {
  /// The options of ``CosineAnnealingLR``.
  public struct Options: HyperparameterSet {
    /// The number of steps after which the rate is lowest (PyTorch's `T_max`).
    public var tMax = 10
    /// The lowest rate.
    public var etaMin = 0.0

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(tMax: Int, etaMin: Double = 0) { (self.tMax, self.etaMin) = (tMax, etaMin) }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws { try require("t_max", tMax, atLeast: 1) }
    /// A sentence about each option.
    public static let help = [
      "t_max": "After how many steps the rate is least.", "eta_min": "The least rate.",
    ]
  }

  private func cosine(_ steps: Int) -> Double {
    (Double.pi * Double(steps) / Double(options.tMax)).cosine
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    let least = options.etaMin
    if isInitial { return current }
    if (lastEpoch - 1 - options.tMax) % (2 * options.tMax) == 0 {
      return current + (base - least) * (1 - cosine(1)) / 2
    }
    return (1 + cosine(lastEpoch)) / (1 + cosine(lastEpoch - 1)) * (current - least) + least
  }

  override func closedRate(base: Double, group: Int) -> Double? {
    options.etaMin + (base - options.etaMin) * (1 + cosine(lastEpoch)) / 2
  }
}

/// Half a cosine from the rate to `etaMin`, then again from the rate, each `tMult` times as long as the last (Loshchilov
/// and Hutter 2017; PyTorch's `CosineAnnealingWarmRestarts`).
public final class CosineAnnealingWarmRestarts: TypedScheduler<CosineAnnealingWarmRestarts.Options>
{
  /// The options of ``CosineAnnealingWarmRestarts``.
  public struct Options: HyperparameterSet {
    /// The number of steps to the first restart (PyTorch's `T_0`).
    public var t0 = 10
    /// The length of each stretch as a multiple of the one before.
    public var tMult = 1
    /// The lowest rate.
    public var etaMin = 0.0

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(t0: Int, tMult: Int = 1, etaMin: Double = 0) {
      (self.t0, self.tMult, self.etaMin) = (t0, tMult, etaMin)
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require("t0", t0, atLeast: 1)
      try require("t_mult", tMult, atLeast: 1)
    }
    /// A sentence about each option.
    public static let help = [
      "t0": "The steps to the first restart.",
      "t_mult": "By how much each stretch is longer than the last.", "eta_min": "The least rate.",
    ]
  }

  /// The steps since the last restart, and the length of the stretch.
  private var place = (done: -1, length: 0)

  public override func step() {
    if lastEpoch < 0 {
      place = (0, options.t0)
    } else {
      place.done += 1
      if place.done >= place.length {
        place = (place.done % place.length, place.length * options.tMult)
      }
    }
    update()
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    let angle = Double.pi * Double(place.done) / Double(place.length)
    return options.etaMin + (base - options.etaMin) * (1 + angle.cosine) / 2
  }

  public override var state: [String: [Double]] {
    super.state.merging(["T_cur": [Double(place.done)], "T_i": [Double(place.length)]]) { $1 }
  }

  public override func loadState(_ state: [String: [Double]]) throws {
    let saved = SavedSchedule(state, of: "CosineAnnealingWarmRestarts")
    let place = (try saved.count("T_cur"), try saved.count("T_i"))
    try super.loadState(state)
    self.place = place
  }
}

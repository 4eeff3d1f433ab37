public import LevinConfiguration
internal import LevinNN
internal import LevinSystem

/// Averages the weights of a training exponentially: after each step, average = decay · average + (1 − decay) · weights.
///
///     EMAWeightAveraging(decay: 0.999) { $0.updateStartingAtStep = 1000 }
///
/// See ``WeightAveraging``.
public final class EMAWeightAveraging: WeightAveraging {
  /// The options of ``EMAWeightAveraging``.
  public struct Options: HyperparameterSet {
    /// How much of the average remains in an update, 0 to 1.
    public var decay = 0.999
    /// Whether buffers are averaged; otherwise they are those of the latest state.
    public var useBuffers = true
    /// Updates after every n-th optimizer step; 0: after none.
    public var updateEveryNSteps = 1
    /// The first optimizer step, from 0, after which the average is updated; nil: the very first.
    public var updateStartingAtStep: Int?
    /// The first epoch, from 0, at whose end the average is updated, besides the updates after steps; nil: none.
    public var updateStartingAtEpoch: Int?

    /// Creates options with their defaults.
    public init() {}

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require("decay", decay, in: 0...1)
      try require("update_every_n_steps", updateEveryNSteps, atLeast: 0)
    }

    /// A sentence about each option.
    public static let help = [
      "decay": "How much of the average remains in an update.",
      "use_buffers": "Whether buffers are averaged, too.",
      "update_every_n_steps": "Update after every n-th optimizer step; 0: after none.",
      "update_starting_at_step":
        "The first optimizer step after which to update; null: the very first.",
      "update_starting_at_epoch":
        "The first epoch at whose end to update, besides steps; null: none.",
    ]
  }

  /// The options.
  public let options: Options

  /// Creates a callback.
  ///
  /// Traps if an option is out of range.
  public init(_ options: Options) {
    do { try options.validate() } catch { fail("EMAWeightAveraging", "\(error)") }
    self.options = options
    super.init(averaging: .exponential(decay: options.decay), useBuffers: options.useBuffers)
  }

  /// Creates a callback with a decay; `change` sets any other option.
  public convenience init(decay: Double = 0.999, _ change: (inout Options) -> Void = { _ in }) {
    var options = Options()
    options.decay = decay
    change(&options)
    self.init(options)
  }

  public override func shouldUpdate(step: Int?, epoch: Int?) -> Bool {
    if let step {
      return step >= options.updateStartingAtStep ?? 0 && options.updateEveryNSteps > 0
        && step % options.updateEveryNSteps == 0
    }
    guard let epoch, let first = options.updateStartingAtEpoch else { return false }
    return epoch >= first
  }
}

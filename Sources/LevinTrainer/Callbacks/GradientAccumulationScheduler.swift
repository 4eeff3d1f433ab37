public import LevinConfiguration

/// Changes the number of batches whose gradients are averaged for one optimizer step, from epoch to epoch.
///
///     GradientAccumulationScheduler(scheduling: [0: 8, 4: 4, 8: 1])
///
/// It replaces the trainer's `accumulateGradBatches`, which must be 1, and is for automatic optimization.
public final class GradientAccumulationScheduler:
  TypedCallback<GradientAccumulationScheduler.Options>
{
  /// The options of ``GradientAccumulationScheduler``.
  public struct Options: HyperparameterSet {
    /// The number of batches from an epoch on; 1 before the first of these epochs.
    public var scheduling: [Int: Int] = [:]

    /// Creates options without an epoch; one is needed.
    public init() {}

    /// Throws ``ConfigError`` if there is no epoch, or if a number is out of range.
    public func validate() throws {
      guard !scheduling.isEmpty, scheduling.allSatisfy({ $0.key >= 0 && $0.value >= 1 }) else {
        throw ConfigError(
          "scheduling: found \(scheduling); expected numbers of batches, 1 or more, by the epoch from which they hold",
          key: "scheduling")
      }
    }

    /// A sentence about each option.
    public static let help = [
      "scheduling": "The number of batches, by the epoch from which it holds."
    ]
  }

  /// Creates a callback with numbers of batches, by the epoch from which they hold.
  ///
  /// Traps if there is none, or if one is below 1.
  public convenience init(scheduling: [Int: Int]) {
    var options = Options()
    options.scheduling = scheduling
    self.init(options)
  }

  private func set(_ trainer: Trainer) {
    let last = options.scheduling.filter { $0.key <= trainer.currentEpoch }.max { $0.key < $1.key }
    trainer.accumulateGradBatches = last?.value ?? 1
  }

  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard module.automaticOptimization else {
      throw TrainerError.notManual(key: "callbacks: GradientAccumulationScheduler")
    }
    let fixed = trainer.configuration.accumulateGradBatches
    guard fixed == 1 else {
      throw TrainerError.configuration(
        key: "accumulate_grad_batches", found: "\(fixed) beside a GradientAccumulationScheduler",
        expected: "1, since the scheduler decides")
    }
  }
  /// A training that resumes in the middle of an epoch does not begin it.
  public override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    set(trainer)
  }
  public override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    set(trainer)
  }
}

internal import LevinOptimizers

/// Logs the learning rate of each optimizer: `lr-Adam`, and `lr-Adam-1` for a second one of the same class.
public final class LearningRateMonitor: Callback {
  /// When the learning rate is logged.
  public enum Interval: String, Sendable { case step, epoch }
  /// When to log; nil: at the start of each epoch, and at the steps at which metrics are logged.
  public let interval: Interval?

  /// - Parameter interval: See ``interval``.
  public init(interval: Interval? = nil) { self.interval = interval }

  public override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard trainer.hasLogger else {
      throw TrainerError.configuration(
        key: "logger", found: "none", expected: "a logger for LearningRateMonitor to write to")
    }
  }

  public override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    if interval != .step { log(trainer) }
  }

  public override func onTrainBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, batchIndex: Int
  ) {
    guard interval != .epoch, trainer.logsNextStep else { return }
    log(trainer)
  }

  private func log(_ trainer: Trainer) {
    var counts: [String: Int] = [:]
    let rates = trainer.optimizers.map { optimizer in
      let name = "lr-\(type(of: optimizer))"
      let count = counts[name, default: 0]
      counts[name] = count + 1
      return (name: count == 0 ? name : "\(name)-\(count)", value: optimizer.learningRate)
    }
    trainer.logFromCallback(rates)
  }
}

internal import LevinOptimizers

/// Logs the learning rate of each optimizer: `lr-Adam`, and `lr-Adam-1` for a second one of the same class.
///
/// Where an optimizer has several groups of parameters, that of each: `lr-Adam/pg1`, or by the name of the group.
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
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    guard interval != .epoch, trainer.logsNextStep else { return }
    log(trainer)
  }

  private func log(_ trainer: Trainer) {
    var counts: [String: Int] = [:]
    let rates = trainer.optimizers.flatMap { optimizer in
      let type = "lr-\(type(of: optimizer))"
      let count = counts[type, default: 0]
      counts[type] = count + 1
      let name = count == 0 ? type : "\(type)-\(count)"
      let groups = optimizer.groups
      return groups.enumerated().map { index, group in
        let part = group.name ?? (groups.count > 1 ? "pg\(index + 1)" : nil)
        return (name: part.map { "\(name)/\($0)" } ?? name, value: group.learningRate)
      }
    }
    trainer.logFromCallback(rates)
  }
}

public import LevinConfiguration
internal import LevinOptimizers

/// Logs the learning rate of each optimizer: `lr-Adam`, and `lr-Adam-1` for a second one of the same class.
///
/// Where an optimizer has several groups of parameters, that of each: `lr-Adam/pg1`, or by the name of the group.
public final class LearningRateMonitor: TypedCallback<LearningRateMonitor.Options> {
  /// When the learning rate is logged.
  public enum Interval: String, Sendable, Codable, CaseIterable { case step, epoch }

  /// The options of ``LearningRateMonitor``.
  public struct Options: HyperparameterSet {
    /// When to log (Lightning's `logging_interval`): at the start of each epoch, or at the steps at which metrics are logged.
    ///
    /// nil: when the optimizer's scheduler steps; at both without a scheduler.
    public var interval: Interval?
    /// Whether the momentum is logged, too, as `lr-SGD-momentum`; the first of Adam's betas.
    public var logMomentum = false
    /// Whether the weight decay is logged, too, as `lr-SGD-weight_decay`.
    public var logWeightDecay = false

    /// Creates options with their defaults.
    public init() {}

    private enum CodingKeys: String, CodingKey {
      case interval = "loggingInterval"
      case logMomentum, logWeightDecay
    }

    /// A sentence about each option.
    public static let help = [
      "logging_interval": "When to log; null: when the scheduler steps.",
      "log_momentum": "Whether the momentum is logged, too.",
      "log_weight_decay": "Whether the weight decay is logged, too.",
    ]
  }

  /// Creates a callback with these options.
  public convenience init(
    interval: Interval? = nil, logMomentum: Bool = false, logWeightDecay: Bool = false
  ) {
    var options = Options()
    options.interval = interval
    (options.logMomentum, options.logWeightDecay) = (logMomentum, logWeightDecay)
    self.init(options)
  }

  public override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard trainer.hasLogger else {
      throw TrainerError.configuration(
        key: "logger", found: "none", expected: "a logger for LearningRateMonitor to write to")
    }
  }

  public override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    if options.interval != .step { log(trainer, at: .epoch) }
  }

  public override func onTrainBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    guard options.interval != .epoch, trainer.logsNextStep else { return }
    log(trainer, at: .step)
  }

  private func log(_ trainer: Trainer, at interval: LearningRateScheduler.Interval) {
    var counts: [String: Int] = [:]
    var values: [(name: String, value: Double)] = []
    for optimizer in trainer.optimizers {
      let type = "lr-\(type(of: optimizer))"
      let count = counts[type, default: 0]
      counts[type] = count + 1
      let scheduled = trainer.schedulers.filter { $0.optimizer === optimizer }
      guard
        options.interval != nil || scheduled.isEmpty
          || scheduled.contains(where: { $0.interval == interval })
      else { continue }
      let name = count == 0 ? type : "\(type)-\(count)"
      for (index, group) in optimizer.groups.enumerated() {
        let part = group.name ?? (optimizer.groups.count > 1 ? "pg\(index + 1)" : nil)
        add(group, part.map { "\(name)/\($0)" } ?? name, to: &values)
      }
    }
    trainer.logFromCallback(values)
  }

  private func add(
    _ group: ParameterGroup, _ name: String, to values: inout [(name: String, value: Double)]
  ) {
    values.append((name, group.learningRate))
    if options.logMomentum { values.append(("\(name)-momentum", group.momentum ?? 0)) }
    if options.logWeightDecay,
      case .float(let decay)? = ConfigValue(encoding: group.options)["weight_decay"]
    {
      values.append(("\(name)-weight_decay", decay))
    }
  }
}

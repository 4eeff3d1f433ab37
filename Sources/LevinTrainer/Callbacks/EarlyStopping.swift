public import LevinConfiguration

/// Stops the training when a metric has not improved for some time.
///
///     EarlyStopping(monitor: "val/loss", patience: 5) { $0.stoppingThreshold = 0.01 }
public final class EarlyStopping: TypedCallback<EarlyStopping.Options> {
  /// Whether a lower or a higher value is better.
  public typealias Mode = ModelCheckpoint.Mode

  /// The options of ``EarlyStopping``.
  public struct Options: HyperparameterSet {
    /// The name of the metric.
    public var monitor = ""
    /// The smallest change that counts as an improvement; the sign does not matter.
    public var minDelta = 0.0
    /// The number of checks without improvement after which the training stops.
    public var patience = 3
    /// Whether a lower or a higher value is better.
    public var mode = Mode.min
    /// Whether the metric must be logged.
    public var strict = true
    /// Whether NaN and infinity stop the training.
    public var checkFinite = true
    /// Training stops as soon as the metric is better than this.
    public var stoppingThreshold: Double?
    /// Training stops as soon as the metric is worse than this.
    public var divergenceThreshold: Double?
    /// Whether to check at the end of an epoch's training instead of after each validation; nil: if there is one validation, at its end.
    public var checkOnTrainEpochEnd: Bool?
    /// Whether each improvement is printed.
    public var verbose = false

    /// Creates options with their defaults; a monitor is needed.
    public init() {}

    /// Throws ``ConfigError`` if there is no monitor, or if a value is out of range.
    public func validate() throws {
      guard !monitor.isEmpty else {
        throw ConfigError("monitor: found none; expected the name of a metric", key: "monitor")
      }
      try require("patience", patience, atLeast: 0)
    }

    /// A sentence about each option.
    public static let help = [
      "monitor": "The name of the metric.",
      "min_delta": "The smallest change that counts as an improvement.",
      "patience": "The checks without improvement after which the training stops.",
      "mode": "Whether a lower or a higher value is better.",
      "strict": "Whether the metric must be logged.",
      "check_finite": "Whether NaN and infinity stop the training.",
      "stopping_threshold": "Stop as soon as the metric is better than this.",
      "divergence_threshold": "Stop as soon as the metric is worse than this.",
      "check_on_train_epoch_end":
        "Whether to check at the end of an epoch instead of after each validation.",
      "verbose": "Whether each improvement is printed.",
    ]
  }

  /// Why a training was stopped.
  public enum Reason: String, Sendable, Codable {
    /// There was no improvement for as many checks as ``Options/patience`` says.
    case patienceExhausted
    /// The metric was better than ``Options/stoppingThreshold``.
    case stoppingThreshold
    /// The metric was worse than ``Options/divergenceThreshold``.
    case divergenceThreshold
    /// The metric was NaN or infinite.
    case nonFiniteMetric
  }

  /// Checks since the last improvement.
  public private(set) var waitCount = 0
  /// The epoch in which the training stopped; nil if it has not.
  public private(set) var stoppedEpoch: Int?
  /// The best value so far.
  public private(set) var bestScore: Double?
  /// Why the training stopped; nil if it has not.
  public private(set) var stoppingReason: Reason?
  /// ``stoppingReason`` as a sentence, as the end of the training prints it.
  public private(set) var stoppingMessage: String?

  /// Creates a callback with these options; `change` sets any other.
  public convenience init(
    monitor: String, minDelta: Double = 0, patience: Int = 3, mode: Mode = .min,
    strict: Bool = true, checkFinite: Bool = true, stoppingThreshold: Double? = nil,
    divergenceThreshold: Double? = nil, _ change: (inout Options) -> Void = { _ in }
  ) {
    var options = Options()
    (options.monitor, options.mode) = (monitor, mode)
    (options.minDelta, options.patience) = (minDelta, patience)
    (options.strict, options.checkFinite) = (strict, checkFinite)
    options.stoppingThreshold = stoppingThreshold
    options.divergenceThreshold = divergenceThreshold
    change(&options)
    self.init(options)
  }

  public override var priority: Priority { .monitoring }
  public override var monitoredMetric: String? { options.strict ? options.monitor : nil }

  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    (stoppingReason, stoppingMessage) = (nil, nil)
  }

  public override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    // A limit on steps may end an epoch before its validation.
    if checksAtEpochEnd(trainer), trainer.context.state.isEpochDone { try check(trainer) }
  }

  public override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    if trainer.isTraining, !checksAtEpochEnd(trainer) { try check(trainer) }
  }

  private func checksAtEpochEnd(_ trainer: Trainer) -> Bool {
    options.checkOnTrainEpochEnd ?? trainer.configuration.checksAtEpochEnd
  }

  private func check(_ trainer: Trainer) throws {
    guard !trainer.configuration.fastDevRun.isOn else { return }
    guard let value = trainer.callbackMetrics[options.monitor] else {
      guard options.strict else { return }
      throw TrainerError.unknownMetric(
        name: options.monitor, callback: "EarlyStopping",
        known: trainer.callbackMetrics.keys.sorted())
    }
    let old = bestScore
    if let (reason, message) = reasonToStop(value) {
      (stoppingReason, stoppingMessage) = (reason, message)
      stoppedEpoch = trainer.currentEpoch
      trainer.stop(message)
    } else if options.verbose, bestScore != old {
      let change = old.map { " by \(CheckpointName.short(abs(value - $0)))" } ?? ""
      trainer.note("\(options.monitor) improved\(change) to \(CheckpointName.short(value)).")
    }
  }

  private func reasonToStop(_ value: Double) -> (Reason, String)? {
    let (monitor, mode) = (options.monitor, options.mode)
    if options.checkFinite, !value.isFinite {
      return (.nonFiniteMetric, "\(monitor) is \(value)")
    }
    if let threshold = options.stoppingThreshold, mode.isBetter(value, than: threshold) {
      return (.stoppingThreshold, "\(monitor) reached \(threshold)")
    }
    if let threshold = options.divergenceThreshold, mode.isBetter(threshold, than: value) {
      return (.divergenceThreshold, "\(monitor) is worse than \(threshold)")
    }
    let goal = (bestScore ?? mode.worst) + (mode == .min ? -options.minDelta : options.minDelta)
    if mode.isBetter(value, than: goal) {
      (bestScore, waitCount) = (value, 0)
      return nil
    }
    waitCount += 1
    return waitCount >= options.patience
      ? (
        .patienceExhausted,
        "\(monitor) has not improved for \(waitCount) check\(waitCount == 1 ? "" : "s")"
      ) : nil
  }

  /// What a checkpoint saves of this callback.
  struct State: Codable {
    var waitCount: Int
    var stoppedEpoch: Int?
    var bestScore: Double?
    var stoppingReason: Reason?
    var stoppingMessage: String?
    /// Not restored; Lightning's form of the state has it.
    var patience: Int?
  }

  /// Lightning's key.
  public override var stateKey: String {
    "EarlyStopping{'monitor': '\(options.monitor)', 'mode': '\(options.mode.rawValue)'}"
  }

  public override func state() throws -> String? {
    try JSONText.encode(
      State(
        waitCount: waitCount, stoppedEpoch: stoppedEpoch, bestScore: bestScore,
        stoppingReason: stoppingReason, stoppingMessage: stoppingMessage,
        patience: options.patience))
  }

  public override func restore(_ state: String) throws {
    let state = try JSONText.decode(State.self, state)
    (waitCount, stoppedEpoch) = (state.waitCount, state.stoppedEpoch)
    bestScore = state.bestScore
    (stoppingReason, stoppingMessage) = (state.stoppingReason, state.stoppingMessage)
  }
}

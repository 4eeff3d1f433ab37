/// Stops the training when a metric has not improved for some time.
public final class EarlyStopping: Callback {
  /// Whether a lower or a higher value is better.
  public typealias Mode = ModelCheckpoint.Mode

  /// The name of the metric.
  public let monitor: String
  /// The smallest change that counts as an improvement.
  public let minDelta: Double
  /// The number of checks without improvement after which the training stops.
  public let patience: Int
  /// Whether a lower or a higher value is better.
  public let mode: Mode
  /// Whether the metric must be logged.
  public let strict: Bool
  /// Whether NaN and infinity stop the training.
  public let checkFinite: Bool
  /// Training stops as soon as the metric is better than this.
  public let stoppingThreshold: Double?
  /// Training stops as soon as the metric is worse than this.
  public let divergenceThreshold: Double?

  /// Checks since the last improvement.
  public private(set) var waitCount = 0
  /// The epoch in which the training stopped; nil if it has not.
  public private(set) var stoppedEpoch: Int?
  /// The best value so far.
  public private(set) var bestScore: Double?
  /// Why the training stopped.
  public private(set) var stoppingReason: String?

  /// See the properties; the sign of `minDelta` does not matter.
  public init(
    monitor: String, minDelta: Double = 0, patience: Int = 3, mode: Mode = .min,
    strict: Bool = true, checkFinite: Bool = true, stoppingThreshold: Double? = nil,
    divergenceThreshold: Double? = nil
  ) {
    self.monitor = monitor
    self.minDelta = abs(minDelta)
    self.patience = patience
    self.mode = mode
    self.strict = strict
    self.checkFinite = checkFinite
    self.stoppingThreshold = stoppingThreshold
    self.divergenceThreshold = divergenceThreshold
  }

  public override var priority: Priority { .monitoring }
  public override var monitoredMetric: String? { strict ? monitor : nil }

  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    stoppingReason = nil
  }

  public override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    if trainer.configuration.checksAtEpochEnd { try check(trainer) }
  }

  public override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    if trainer.isTraining, !trainer.configuration.checksAtEpochEnd { try check(trainer) }
  }

  private func check(_ trainer: Trainer) throws {
    guard !trainer.configuration.fastDevRun.isOn else { return }
    guard let value = trainer.callbackMetrics[monitor] else {
      guard strict else { return }
      throw TrainerError.unknownMetric(
        name: monitor, callback: "EarlyStopping", known: trainer.callbackMetrics.keys.sorted())
    }
    if let reason = reasonToStop(value) {
      stoppingReason = reason
      stoppedEpoch = trainer.currentEpoch
      trainer.stop(reason)
    }
  }

  private func reasonToStop(_ value: Double) -> String? {
    func isBetter(_ a: Double, _ b: Double) -> Bool { mode == .min ? a < b : a > b }
    if checkFinite, !value.isFinite { return "\(monitor) is \(value)" }
    if let stoppingThreshold, isBetter(value, stoppingThreshold) {
      return "\(monitor) reached \(stoppingThreshold)"
    }
    if let divergenceThreshold, isBetter(divergenceThreshold, value) {
      return "\(monitor) is worse than \(divergenceThreshold)"
    }
    let goal = bestScore.map { mode == .min ? $0 - minDelta : $0 + minDelta }
    if goal.map({ isBetter(value, $0) }) ?? true {
      bestScore = value
      waitCount = 0
      return nil
    }
    waitCount += 1
    return waitCount >= patience
      ? "\(monitor) has not improved for \(waitCount) checks" : nil
  }

  private struct State: Codable {
    var waitCount: Int
    var stoppedEpoch: Int?
    var bestScore: Double?
  }

  public override var stateKey: String { "EarlyStopping(\(monitor), \(mode.rawValue))" }

  public override func state() throws -> String? {
    try JSONText.encode(
      State(waitCount: waitCount, stoppedEpoch: stoppedEpoch, bestScore: bestScore))
  }

  public override func restore(_ state: String) throws {
    let state = try JSONText.decode(State.self, state)
    (waitCount, stoppedEpoch) = (state.waitCount, state.stoppedEpoch)
    bestScore = state.bestScore
  }
}

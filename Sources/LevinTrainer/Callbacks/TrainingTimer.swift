public import LevinConfiguration
internal import LevinSystem

/// Measures how long trainings, validations and tests take, and stops a training after a time (Lightning's `Timer`, which is a type of
/// Foundation).
///
///     let timer = TrainingTimer(duration: TimeLimit(hours: 12))
///     …
///     print(timer.timeElapsed(), timer.timeElapsed(.validate))
///
/// Unlike the trainer's `maxTime`, it can be asked. Both limits hold if both are set.
public final class TrainingTimer: TypedCallback<TrainingTimer.Options> {
  /// When the time is checked.
  public enum Interval: String, Sendable, Codable, CaseIterable { case step, epoch }

  /// The options of ``TrainingTimer``.
  public struct Options: HyperparameterSet {
    /// The time after which a training stops, that of earlier runs included; nil: no limit.
    public var duration: TimeLimit?
    /// Whether the time is checked after each batch, or at the end of each epoch.
    public var interval = Interval.step

    /// Creates options with their defaults.
    public init() {}

    /// A sentence about each option.
    public static let help = [
      "duration": "The time after which a training stops, DD:HH:MM:SS; null: no limit.",
      "interval": "Whether the time is checked after each step or each epoch.",
    ]
  }

  private var done: [Stage: Double] = [:]
  private var starts: [Stage: UInt64] = [:]

  /// Creates a callback with these options.
  public convenience init(duration: TimeLimit? = nil, interval: Interval = .step) {
    var options = Options()
    (options.duration, options.interval) = (duration, interval)
    self.init(options)
  }

  /// The seconds of all trainings, validations, tests or predictions so far; validations within a training count for both.
  public func timeElapsed(_ stage: Stage = .fit) -> Double {
    let running = starts[stage].map { Double(Clock.uptime &- $0) / 1e9 }
    return done[stage, default: 0] + (running ?? 0)
  }

  /// The seconds until a training stops, 0 if the time is over; nil without a limit.
  public func timeRemaining() -> Double? {
    options.duration.map { max(0, $0.seconds - timeElapsed()) }
  }

  private func start(_ stage: Stage) { starts[stage] = Clock.uptime }
  private func stop(_ stage: Stage) {
    done[stage] = timeElapsed(stage)
    starts[stage] = nil
  }

  private func check(_ trainer: Trainer) {
    guard let duration = options.duration, timeRemaining() == 0, !trainer.shouldStop else { return }
    trainer.stop("the time of \(duration) is over")
  }

  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    check(trainer)
  }
  public override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    // A checkpoint has been restored since the fit began.
    check(trainer)
    start(.fit)
  }
  public override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    if options.interval == .step { check(trainer) }
  }
  public override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    if options.interval == .epoch { check(trainer) }
  }
  public override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) { stop(.fit) }
  public override func onValidationStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    if !trainer.isSanityChecking { start(.validate) }
  }
  public override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    if !trainer.isSanityChecking { stop(.validate) }
  }
  public override func onTestStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    start(.test)
  }
  public override func onTestEnd(_ trainer: Trainer, _ module: LightningModuleBase) { stop(.test) }
  public override func onPredictStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    start(.predict)
  }
  public override func onPredictEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    stop(.predict)
  }
  public override func onException(
    _ trainer: Trainer, _ module: LightningModuleBase, _ error: any Error
  ) {
    for stage in starts.keys { stop(stage) }
  }

  /// Lightning's key.
  public override var stateKey: String { "Timer" }

  public override func state() throws -> String? {
    let stages: [Stage] = [.fit, .validate, .test, .predict]
    return try JSONText.encode(
      Dictionary(uniqueKeysWithValues: stages.map { ($0.rawValue, timeElapsed($0)) }))
  }

  public override func restore(_ state: String) throws {
    for (name, seconds) in try JSONText.decode([String: Double].self, state) {
      if let stage = Stage(rawValue: name) { done[stage] = seconds }
    }
  }
}

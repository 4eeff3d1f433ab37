internal import LevinSystem

/// Writes checkpoints: by default one at the end of each epoch, of which the newest is kept.
///
///     ModelCheckpoint(monitor: "val/loss", saveTopK: 3)
///     ModelCheckpoint(saveLast: .link, everyNTrainSteps: 1000) { $0.enableVersionCounter = false }
///
/// Its path in the run's folder is, for example, `checkpoints/epoch=4-step=3750.safetensors`. A trainer may have several, if
/// they differ in monitor, mode, or when they save.
public final class ModelCheckpoint: TypedCallback<ModelCheckpoint.Options> {
  /// The path of the best checkpoint; without a monitor, of the newest.
  public internal(set) var bestModelPath: String?
  /// The monitored value of the best checkpoint.
  public internal(set) var bestModelScore: Double?
  /// The path of the file that ``Options/saveLast`` keeps.
  public internal(set) var lastModelPath: String?
  /// The monitored value of the checkpoint that was saved last.
  public internal(set) var currentScore: Double?
  var kept: KeptCheckpoints
  var savedStep: Int?
  /// The newest file other than `last`.
  var savedPath: String?
  /// Files that are never removed, even if better ones come: those that the run resumed from.
  var pinned: Set<String> = []
  /// Whether a save waits for a validation, which logs the monitored metric.
  private var isDeferred = false
  var hasValidated = false
  private var lastTime: UInt64 = 0
  /// Whether the file being written is the checkpoint of an interruption.
  var isInterrupting = false
  /// The checkpoint of an interruption that the run resumed from; it is removed when the next one is complete.
  var interruption: String?
  private var isFromInterruption = false

  public override init(_ options: Options) {
    kept = KeptCheckpoints(mode: options.mode)
    super.init(options)
  }

  /// Creates a callback with these options; `change` sets any other.
  ///
  /// Traps if an option is out of range, or if `monitor` is nil and `saveTopK` is above 1.
  public convenience init(
    directory: String? = nil, fileName: String = "{epoch}-{step}", monitor: String? = nil,
    mode: Mode = .min, saveTopK: Int = 1, saveLast: LastFile = .none,
    everyNTrainSteps: Int? = nil, everyNEpochs: Int? = nil, saveWeightsOnly: Bool = false,
    _ change: (inout Options) -> Void = { _ in }
  ) {
    var options = Options()
    (options.directory, options.fileName) = (directory, fileName)
    (options.monitor, options.mode) = (monitor, mode)
    (options.saveTopK, options.saveLast) = (saveTopK, saveLast)
    (options.everyNTrainSteps, options.everyNEpochs) = (everyNTrainSteps, everyNEpochs)
    options.saveWeightsOnly = saveWeightsOnly
    change(&options)
    self.init(options)
  }

  /// The monitored values of the checkpoints that are kept, by their paths; empty without a monitor.
  public var bestKModels: [String: Double] {
    Dictionary(
      kept.all.compactMap { kept in kept.score.map { (kept.path, $0) } }, uniquingKeysWith: { $1 })
  }
  /// The path of the worst checkpoint that is kept, which the next better one replaces; nil while there is room, or without a monitor.
  public var kthBestModelPath: String? { kthBest?.path }
  /// The monitored value of the worst checkpoint that is kept; see ``kthBestModelPath``.
  public var kthValue: Double? { kthBest?.score }
  private var kthBest: KeptCheckpoints.Kept? {
    guard options.monitor != nil, kept.all.count >= max(options.saveTopK, 1) else { return nil }
    return kept.worst
  }

  public override var priority: Priority { .last }
  public override var monitoredMetric: String? { options.monitor }
  /// The path of the checkpoint that was written last; nil if there is none.
  var newestPath: String? { savedPath ?? lastModelPath }

  // MARK: When

  /// Creates the folder, so that a folder without write permission is reported before the first epoch.
  public override func setup(
    _ trainer: Trainer, _ module: LightningModuleBase, stage: Stage
  ) throws {
    guard stage == .fit, !trainer.configuration.fastDevRun.isOn,
      options.saveTopK != 0 || options.saveLast != .none
    else { return }
    try trainer.checkCheckpointFolder(options.directory)
  }

  public override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    (lastTime, isDeferred, hasValidated) = (Clock.uptime, false, false)
  }

  public override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    guard try isDue(trainer) else { return }
    if let monitor = options.monitor {
      // A metric of the validation is not there yet, or will be new in a moment.
      let isFresh = try savesAtEpochEnd(trainer) || trainer.activeFit?.isValidationDue() != true
      guard trainer.callbackMetrics[monitor] != nil, isFresh else {
        isDeferred = true
        return
      }
    }
    try saveIfNew(trainer, alwaysLast: true)
  }

  /// Whether steps or time ask for a checkpoint.
  private func isDue(_ trainer: Trainer) throws -> Bool {
    if let steps = options.everyNTrainSteps {
      return trainer.globalStep > 0 && trainer.globalStep % steps == 0
    }
    // Gradients of an incomplete window would be lost.
    guard let interval = options.trainTimeInterval, trainer.activeFit?.isBetweenSteps == true,
      Double(Clock.uptime &- lastTime) / 1e9 >= interval.seconds
    else { return false }
    lastTime = Clock.uptime
    return true
  }

  public override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard trainer.isTraining else { return }
    hasValidated = true
    guard isDeferred || !savesAtEpochEnd(trainer) else { return }
    if !isDeferred, !isEpochDue(trainer) { return }
    defer { isDeferred = false }
    try saveIfNew(trainer, alwaysLast: isDeferred)
  }

  public override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard savesAtEpochEnd(trainer), isEpochDue(trainer) else { return }
    try saveIfNew(trainer)
  }

  public override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard trainer.savesCheckpoints, savedStep == nil else { return }
    try saveLast(trainer)
  }

  public override func onException(
    _ trainer: Trainer, _ module: LightningModuleBase, _ error: any Error
  ) {
    // An interruption has its own checkpoint.
    guard options.saveOnException, !(error is RunInterrupted), trainer.activeFit != nil,
      trainer.savesCheckpoints, savedStep != trainer.globalStep
    else { return }
    do {
      guard let folder = try trainer.checkpointFolder(options.directory) else { return }
      let path = freePath(in: folder, name: name(trainer), replacing: nil)
      try write(trainer, to: path)
      try saveLast(trainer)
      trainer.note("Saved \(path) because of the error.")
    } catch {
      // The first error is the one to report.
      trainer.note("No checkpoint could be saved: \(error)")
    }
  }

  private func isEpochDue(_ trainer: Trainer) -> Bool {
    options.epochs > 0 && (trainer.currentEpoch + 1) % options.epochs == 0
  }

  private func savesAtEpochEnd(_ trainer: Trainer) -> Bool {
    if let chosen = options.saveOnTrainEpochEnd { return chosen }
    return !trainer.validates || trainer.configuration.checksAtEpochEnd
  }

  // MARK: State

  /// What a checkpoint saves of this callback.
  struct State: Codable {
    var monitor: String?
    var mode: Mode
    var bestModelPath: String?
    var bestModelScore: Double?
    var lastModelPath: String?
    var currentScore: Double?
    var kept: [KeptCheckpoints.Kept]
    var savedStep: Int?
    var savedPath: String?
    /// true in a checkpoint of an interruption.
    var isInterruption: Bool?
    /// Not restored; Lightning's form of the state has it.
    var kthBestModelPath: String?
  }

  /// Lightning's key.
  public override var stateKey: String {
    let monitor = options.monitor.map { "'\($0)'" } ?? "None"
    let time = options.trainTimeInterval.map { "\($0)" } ?? "None"
    return
      "ModelCheckpoint{'monitor': \(monitor), 'mode': '\(options.mode.rawValue)', 'every_n_train_steps': "
      + "\(options.everyNTrainSteps ?? 0), 'every_n_epochs': \(options.epochs), 'train_time_interval': \(time)}"
  }

  public override func state() throws -> String? {
    try JSONText.encode(
      State(
        monitor: options.monitor, mode: options.mode, bestModelPath: bestModelPath,
        bestModelScore: bestModelScore, lastModelPath: lastModelPath, currentScore: currentScore,
        kept: kept.all, savedStep: savedStep, savedPath: savedPath,
        isInterruption: isInterrupting ? true : nil, kthBestModelPath: kthBestModelPath))
  }

  public override func restore(_ state: String) throws {
    let state = try JSONText.decode(State.self, state)
    (bestModelPath, bestModelScore) = (state.bestModelPath, state.bestModelScore)
    (lastModelPath, currentScore) = (state.lastModelPath, state.currentScore)
    kept.all = state.kept.filter { FileBytes.isFile($0.path) }
    (savedStep, savedPath) = (state.savedStep, state.savedPath)
    isFromInterruption = state.isInterruption == true
  }

  /// Keeps the file that the run resumes from; the file of an interruption only until the next one is written.
  func pin(_ path: String) {
    // The path may be a link, such as last.safetensors.
    pinned.formUnion([path, FileSystem.realPath(path) ?? path])
    interruption = isFromInterruption ? path : nil
  }
}

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
  public private(set) var bestModelPath: String?
  /// The monitored value of the best checkpoint.
  public private(set) var bestModelScore: Double?
  /// The path of the file that ``Options/saveLast`` keeps.
  public private(set) var lastModelPath: String?
  /// The monitored value of the checkpoint that was saved last.
  public private(set) var currentScore: Double?
  private var kept: KeptCheckpoints
  private var savedStep: Int?
  /// The newest file other than `last`.
  private var savedPath: String?
  /// Files that are never removed, even if better ones come: those that the run resumed from.
  private var pinned: Set<String> = []
  /// Whether a save waits for a validation, which logs the monitored metric.
  private var isDeferred = false
  private var hasValidated = false
  private var lastTime: UInt64 = 0
  /// Whether the file being written is the checkpoint of an interruption.
  private var isInterrupting = false
  /// The checkpoint of an interruption that the run resumed from; it is removed when the next one is complete.
  private var interruption: String?
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

  // MARK: Saving

  /// - Parameter alwaysLast: Whether `last` is saved even if the checkpoint is none of the best.
  private func saveIfNew(_ trainer: Trainer, alwaysLast: Bool = false) throws {
    guard trainer.savesCheckpoints, savedStep != trainer.globalStep else { return }
    var score: Double?
    if let monitor = options.monitor, options.saveTopK != 0 {
      let known = trainer.callbackMetrics
      guard let value = known[monitor] else {
        guard trainer.validates, !hasValidated else {
          throw TrainerError.unknownMetric(
            name: monitor, callback: "ModelCheckpoint", known: known.keys.sorted())
        }
        return trainer.note(
          "No checkpoint of epoch \(trainer.currentEpoch): no validation has logged \(monitor) yet."
        )
      }
      // NaN counts as the worst value.
      score = value.isNaN ? options.mode.worst : value
    }
    let saved = options.saveTopK == 0 ? nil : try saveBest(trainer, score)
    if options.saveTopK != 0, options.verbose { say(trainer, score, saved) }
    if saved != nil || options.saveTopK == 0 || alwaysLast { try saveLast(trainer) }
  }

  private func say(_ trainer: Trainer, _ score: Double?, _ path: String?) {
    let place = "Epoch \(trainer.currentEpoch), step \(trainer.globalStep): "
    let count = options.saveTopK == -1 ? kept.all.count : options.saveTopK
    let monitor = options.monitor ?? ""
    guard let path else {
      return trainer.note("\(place)\(monitor) is not among the best \(count).")
    }
    guard let score, let best = bestModelScore else {
      return trainer.note("\(place)saved \(path).")
    }
    trainer.note(
      "\(place)\(monitor) reached \(CheckpointName.short(score)) (best \(CheckpointName.short(best))), saved \(path) "
        + "as one of the best \(count).")
  }

  /// Writes a checkpoint if it is one to keep, removes the one that it replaces, and returns its path.
  private func saveBest(_ trainer: Trainer, _ score: Double?) throws -> String? {
    guard let folder = try trainer.checkpointFolder(options.directory) else { return nil }
    // Files elsewhere belong to the run that this one resumed from.
    kept.all.removeAll { !isSame(RunFolder.folder(of: $0.path), folder) }
    let isFull = options.saveTopK > 0 && kept.all.count >= options.saveTopK
    let worst = kept.worst
    if isFull, let score, let worst = worst?.score, !options.mode.isBetter(score, than: worst) {
      return nil
    }
    let replaced = isFull ? worst?.path : nil
    let path = freePath(
      in: folder, name: name(trainer),
      replacing: score == nil ? kept.all.last?.path : replaced)
    let old = (kept, bestModelPath, bestModelScore, currentScore)
    kept.add(path, score, replacing: replaced)
    (bestModelPath, bestModelScore) = (kept.best?.path, kept.best?.score)
    currentScore = score
    do {
      // The new one is complete before the old one is removed.
      try write(trainer, to: path)
    } catch {
      (kept, bestModelPath, bestModelScore, currentScore) = old
      throw error
    }
    if let replaced, replaced != path { remove(replaced) }
    removeInterruption(in: folder)
    return path
  }

  private func write(_ trainer: Trainer, to path: String) throws {
    let old = (savedStep, savedPath)
    (savedStep, savedPath) = (trainer.globalStep, path)
    do {
      try trainer.saveCheckpoint(to: path, weightsOnly: options.saveWeightsOnly)
    } catch {
      (savedStep, savedPath) = old
      throw error
    }
  }

  private func saveLast(_ trainer: Trainer) throws {
    guard options.saveLast != .none,
      let folder = try trainer.checkpointFolder(options.directory)
    else { return }
    let path = freePath(in: folder, name: "last", replacing: lastModelPath)
    let previous = lastModelPath
    lastModelPath = path
    if options.saveLast == .link, let savedPath {
      try CheckpointPath.link(path, to: RunFolder.name(of: savedPath))
    } else {
      savedStep = trainer.globalStep
      try trainer.saveCheckpoint(to: path, weightsOnly: options.saveWeightsOnly)
    }
    if let previous, previous != path, isSame(RunFolder.folder(of: previous), folder) {
      remove(previous)
    }
  }

  /// Writes a checkpoint because the run is being stopped, and returns its path.
  func saveInterrupted(_ trainer: Trainer) throws -> String? {
    guard let folder = try trainer.checkpointFolder(options.directory) else { return nil }
    let name = "epoch=\(trainer.currentEpoch)-step=\(trainer.globalStep)"
    let path = freePath(in: folder, name: name, replacing: nil)
    isInterrupting = true
    defer { isInterrupting = false }
    try trainer.saveCheckpoint(to: path, weightsOnly: false)
    return path
  }

  // MARK: Files

  private func name(_ trainer: Trainer) -> String {
    var values = trainer.callbackMetrics
    values["epoch"] = Double(trainer.currentEpoch)
    values["step"] = Double(trainer.globalStep)
    let name = try? CheckpointName(options.fileName, insertsNames: options.autoInsertMetricName)
    return name?.text(values) ?? options.fileName
  }

  /// `name`, or `name-v1`, `name-v2`, … if a file that is not about to be replaced has that name.
  private func freePath(in folder: String, name: String, replacing: String?) -> String {
    var path = RunFolder.joined(folder, name + options.format.fileExtension)
    var version = 0
    while options.enableVersionCounter, path != replacing, FileBytes.isFile(path) {
      version += 1
      path = RunFolder.joined(folder, "\(name)-v\(version)" + options.format.fileExtension)
    }
    return path
  }

  private func remove(_ path: String) {
    guard !pinned.contains(path), !pinned.contains(FileSystem.realPath(path) ?? path) else {
      return
    }
    FileSystem.removeFile(path)
  }

  private func removeInterruption(in folder: String) {
    guard let interruption, !options.saveWeightsOnly,
      isSame(RunFolder.folder(of: interruption), folder)
    else { return }
    FileSystem.removeFile(interruption)
    self.interruption = nil
  }

  private func isSame(_ a: String, _ b: String) -> Bool {
    a == b || FileSystem.realPath(a).map { $0 == FileSystem.realPath(b) } ?? false
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
        isInterruption: isInterrupting ? true : nil))
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

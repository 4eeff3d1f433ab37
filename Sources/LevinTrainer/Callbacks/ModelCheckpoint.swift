internal import LevinSystem

/// Writes checkpoints: by default one at the end of each epoch, of which the newest is kept.
///
/// Its path in the run's folder is, for example, `checkpoints/epoch=4-step=3750.safetensors`.
public final class ModelCheckpoint: Callback {
  /// Whether a lower or a higher value of the monitored metric is better.
  public enum Mode: String, Sendable, Codable { case min, max }

  /// The folder of the checkpoints; nil: `checkpoints` in the run's folder.
  public let directory: String?
  /// The name without extension, with `{epoch}`, `{step}` and metrics in braces: `{epoch}-{val/acc}` gives
  /// `epoch=4-val-acc=0.96`.
  public let fileName: String
  /// The metric that decides which checkpoint is best; nil: the newest is.
  public let monitor: String?
  /// Whether a lower or a higher value of ``monitor`` is better.
  public let mode: Mode
  /// How many of the best checkpoints are kept; -1: all; 0: none.
  public let saveTopK: Int
  /// Whether a copy of the newest one is kept as `last.safetensors`.
  public let saveLast: Bool
  /// Saves after every n-th optimizer step instead of at the end of an epoch.
  public let everyNTrainSteps: Int?
  /// Saves at the end of every n-th epoch.
  public let everyNEpochs: Int
  /// Whether only weights are saved; training cannot resume from such a file.
  public let saveWeightsOnly: Bool

  /// The path of the best checkpoint; without a monitor, of the newest.
  public private(set) var bestModelPath: String?
  /// The monitored value of the best checkpoint.
  public private(set) var bestModelScore: Double?
  /// The path of the copy that ``saveLast`` keeps.
  public private(set) var lastModelPath: String?
  private var kept: [Kept] = []
  private var savedStep: Int?
  /// Files that are never removed, even if better ones come: those that the run resumed from.
  private var pinned: Set<String> = []
  private var isMonitorMissed = false
  /// Whether the file being written is the checkpoint of an interruption.
  private var isInterrupting = false
  /// The checkpoint of an interruption that the run resumed from; it is removed when the next one is complete.
  private var interruption: String?
  private var isFromInterruption = false

  /// - Parameters: See the properties. Traps if `monitor` is nil and `saveTopK` is above 1.
  public init(
    directory: String? = nil, fileName: String = "{epoch}-{step}", monitor: String? = nil,
    mode: Mode = .min, saveTopK: Int = 1, saveLast: Bool = false, everyNTrainSteps: Int? = nil,
    everyNEpochs: Int = 1, saveWeightsOnly: Bool = false
  ) {
    guard monitor != nil || (-1...1).contains(saveTopK) else {
      fail(
        "ModelCheckpoint", "saveTopK \(saveTopK) without a monitor", expected: "-1, 0 or 1",
        hint: "set monitor to the metric that decides which are best")
    }
    guard everyNEpochs >= 1, everyNTrainSteps ?? 1 >= 1 else {
      fail(
        "ModelCheckpoint",
        "everyNEpochs \(everyNEpochs), everyNTrainSteps \(everyNTrainSteps.map { "\($0)" } ?? "nil")",
        expected: "at least 1 of each")
    }
    self.directory = directory
    self.fileName = fileName
    self.monitor = monitor
    self.mode = mode
    self.saveTopK = saveTopK
    self.saveLast = saveLast
    self.everyNTrainSteps = everyNTrainSteps
    self.everyNEpochs = everyNEpochs
    self.saveWeightsOnly = saveWeightsOnly
  }

  public override var priority: Priority { .last }
  public override var monitoredMetric: String? { monitor }

  /// The path of the checkpoint that was written last; nil if there is none.
  var newestPath: String? { kept.last?.path ?? lastModelPath }

  /// Creates the folder, so that a folder without write permission is reported before the first epoch.
  public override func setup(
    _ trainer: Trainer, _ module: LightningModuleBase, stage: Stage
  ) throws {
    guard stage == .fit, !trainer.configuration.fastDevRun.isOn, saveTopK != 0 || saveLast else {
      return
    }
    try trainer.checkCheckpointFolder(directory)
  }

  public override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    guard let everyNTrainSteps, trainer.globalStep > 0, trainer.globalStep % everyNTrainSteps == 0
    else { return }
    // A monitored metric that is logged in validation is not there yet.
    if let monitor, trainer.callbackMetrics[monitor] == nil {
      isMonitorMissed = true
      return
    }
    try saveIfNew(trainer)
  }

  public override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard trainer.isTraining, everyNTrainSteps == nil ? !savesAtEpochEnd(trainer) : isMonitorMissed
    else { return }
    isMonitorMissed = false
    if everyNTrainSteps == nil, (trainer.currentEpoch + 1) % everyNEpochs != 0 { return }
    try saveIfNew(trainer)
  }

  public override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard everyNTrainSteps == nil, savesAtEpochEnd(trainer),
      (trainer.currentEpoch + 1) % everyNEpochs == 0
    else { return }
    try saveIfNew(trainer)
  }

  private func savesAtEpochEnd(_ trainer: Trainer) -> Bool {
    !trainer.validates || trainer.configuration.checksAtEpochEnd
  }

  private func saveIfNew(_ trainer: Trainer) throws {
    guard trainer.savesCheckpoints, savedStep != trainer.globalStep else { return }
    try save(trainer)
  }

  private func save(_ trainer: Trainer) throws {
    let metrics = trainer.callbackMetrics
    var score: Double?
    if let monitor {
      guard let value = metrics[monitor] else {
        throw TrainerError.unknownMetric(
          name: monitor, callback: "ModelCheckpoint", known: metrics.keys.sorted())
      }
      // NaN counts as the worst value.
      score = value.isNaN ? (mode == .min ? .infinity : -.infinity) : value
    }
    savedStep = trainer.globalStep
    guard saveTopK != 0 else { return try saveCopy(trainer) }
    let isFull = saveTopK > 0 && kept.count >= saveTopK
    if isFull, let score, let worst = worst?.score, !isBetter(score, than: worst) {
      return try saveCopy(trainer)
    }
    guard let folder = try trainer.checkpointFolder(directory) else { return }
    let replaced = isFull ? worst : nil
    let path = freePath(in: folder, name: formatted(trainer, metrics), replacing: replaced?.path)
    let old = (kept, bestModelPath, bestModelScore)
    if let replaced { kept.removeAll { $0.path == replaced.path } }
    kept.append(Kept(path: path, score: score))
    let best = score == nil ? kept.last : kept.reduce(nil as Kept?, better)
    (bestModelPath, bestModelScore) = (best?.path, best?.score)
    do {
      // The new one is complete before the old one is removed.
      try trainer.saveCheckpoint(to: path, weightsOnly: saveWeightsOnly)
    } catch {
      (kept, bestModelPath, bestModelScore) = old
      savedStep = nil
      throw error
    }
    // A file elsewhere belongs to the run that this one resumed from.
    if let replaced, replaced.path != path, !pinned.contains(replaced.path),
      replaced.path.hasPrefix(folder)
    {
      FileSystem.removeFile(replaced.path)
    }
    if let interruption, !saveWeightsOnly,
      FileSystem.realPath(RunFolder.folder(of: interruption)) == FileSystem.realPath(folder)
    {
      FileSystem.removeFile(interruption)
      self.interruption = nil
    }
    try saveCopy(trainer)
  }

  private func saveCopy(_ trainer: Trainer) throws {
    guard saveLast, let folder = try trainer.checkpointFolder(directory) else { return }
    let path = RunFolder.joined(folder, "last" + CheckpointPath.fileExtension)
    lastModelPath = path
    try trainer.saveCheckpoint(to: path, weightsOnly: saveWeightsOnly)
  }

  /// Writes a checkpoint because the run is being stopped, and returns its path.
  func saveInterrupted(_ trainer: Trainer) throws -> String? {
    guard let folder = try trainer.checkpointFolder(directory) else { return nil }
    let name = "epoch=\(trainer.currentEpoch)-step=\(trainer.globalStep)"
    let path = freePath(in: folder, name: name, replacing: nil)
    isInterrupting = true
    defer { isInterrupting = false }
    try trainer.saveCheckpoint(to: path, weightsOnly: false)
    return path
  }

  private func isBetter(_ a: Double, than b: Double) -> Bool { mode == .min ? a < b : a > b }

  private func better(_ a: Kept?, _ b: Kept) -> Kept {
    guard let a, let x = a.score, let y = b.score else { return b }
    return isBetter(y, than: x) ? b : a
  }

  /// The next one to remove: the worst, or the oldest if there is no monitor.
  private var worst: Kept? {
    guard monitor != nil else { return kept.first }
    return kept.reduce(nil as Kept?) { worst, next in
      guard let worst, let x = worst.score, let y = next.score else { return worst ?? next }
      return isBetter(x, than: y) ? next : worst
    }
  }

  private func formatted(_ trainer: Trainer, _ metrics: [String: Double]) -> String {
    var name = ""
    var rest = fileName[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      name += rest[..<open]
      let key = String(rest[rest.index(after: open)..<close])
      let value =
        switch key {
        case "epoch": "\(trainer.currentEpoch)"
        case "step": "\(trainer.globalStep)"
        default: Self.short(metrics[key] ?? 0)
        }
      // A slash would create folders.
      name += key.map { $0 == "/" ? "-" : "\($0)" }.joined() + "=" + value
      rest = rest[rest.index(after: close)...]
    }
    return name + rest
  }

  /// At most four decimals.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    return "\((value * 10_000).rounded() / 10_000)"
  }

  /// `name`, or `name-v1`, `name-v2`, … if a file that is not about to be replaced has that name.
  private func freePath(in folder: String, name: String, replacing: String?) -> String {
    var path = RunFolder.joined(folder, name + CheckpointPath.fileExtension)
    var version = 0
    while path != replacing, FileBytes.isFile(path) {
      version += 1
      path = RunFolder.joined(folder, "\(name)-v\(version)" + CheckpointPath.fileExtension)
    }
    return path
  }

  /// A checkpoint that is kept, with its monitored value.
  struct Kept: Codable {
    var path: String
    var score: Double?
  }
  /// What a checkpoint saves of this callback.
  struct State: Codable {
    var monitor: String?
    var mode: Mode
    var bestModelPath: String?
    var bestModelScore: Double?
    var lastModelPath: String?
    var kept: [Kept]
    var savedStep: Int?
    /// true in a checkpoint of an interruption.
    var isInterruption: Bool?
  }

  public override var stateKey: String {
    "ModelCheckpoint(\(monitor ?? "-"), \(mode.rawValue), \(everyNTrainSteps ?? 0), \(everyNEpochs))"
  }

  public override func state() throws -> String? {
    try JSONText.encode(
      State(
        monitor: monitor, mode: mode, bestModelPath: bestModelPath, bestModelScore: bestModelScore,
        lastModelPath: lastModelPath, kept: kept, savedStep: savedStep,
        isInterruption: isInterrupting ? true : nil))
  }

  public override func restore(_ state: String) throws {
    let state = try JSONText.decode(State.self, state)
    bestModelPath = state.bestModelPath
    bestModelScore = state.bestModelScore
    lastModelPath = state.lastModelPath
    kept = state.kept.filter { FileBytes.isFile($0.path) }
    savedStep = state.savedStep
    isFromInterruption = state.isInterruption == true
  }

  /// Keeps the file that the run resumes from; the file of an interruption only until the next one is written.
  func pin(_ path: String) {
    pinned.insert(path)
    interruption = isFromInterruption ? path : nil
  }
}

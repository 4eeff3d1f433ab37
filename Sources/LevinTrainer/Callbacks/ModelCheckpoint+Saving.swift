internal import LevinSystem

extension ModelCheckpoint {
  /// - Parameter alwaysLast: Whether `last` is saved even if the checkpoint is none of the best.
  func saveIfNew(_ trainer: Trainer, alwaysLast: Bool = false) throws {
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

  func write(_ trainer: Trainer, to path: String) throws {
    let old = (savedStep, savedPath)
    (savedStep, savedPath) = (trainer.globalStep, path)
    do {
      try trainer.saveCheckpoint(to: path, weightsOnly: options.saveWeightsOnly)
    } catch {
      (savedStep, savedPath) = old
      throw error
    }
  }

  func saveLast(_ trainer: Trainer) throws {
    guard options.saveLast != .none,
      let folder = try trainer.checkpointFolder(options.directory)
    else { return }
    let path = freePath(in: folder, name: "last", replacing: lastModelPath)
    let previous = lastModelPath
    lastModelPath = path
    if options.saveLast == .link, let savedPath {
      try FileSystem.link(path, to: RunFolder.name(of: savedPath))
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
}

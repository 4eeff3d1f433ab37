internal import LevinConfiguration
internal import LevinNN
internal import LevinOptimizers
internal import LevinSystem
internal import LevinTensor

extension Trainer {
  /// Writes a checkpoint of the current training.
  ///
  /// A failure leaves no incomplete file behind.
  public func saveCheckpoint(to path: String, weightsOnly: Bool = false) throws {
    try profiled(.saveCheckpoint) { try writeCheckpoint(to: path, weightsOnly: weightsOnly) }
  }

  private func writeCheckpoint(to path: String, weightsOnly: Bool) throws {
    guard let activeFit, let module else { return }
    var checkpoint = Checkpoint()
    checkpoint.weights = module.stateDictionary
    checkpoint.moduleName = "\(type(of: module))"
    checkpoint.hyperparameters = currentRun.hyperparameters
    if let module = module as? any Configurable {
      checkpoint.moduleHyperparameters = try ConfigValue(encoding: module.hyperparameters).json()
    }
    checkpoint.dataHashes = currentRun.dataHashes
    if !weightsOnly {
      checkpoint.resumePoint = try activeFit.resumePoint
      checkpoint.schedulerOptimizers = schedulers.map { scheduler in
        optimizers.firstIndex { $0 === scheduler.optimizer } ?? 0
      }
      checkpoint.optimizers = try optimizers.map { try Checkpoint.OptimizerState($0, schedulers) }
      for callback in callbacks {
        checkpoint.callbackStates[callback.stateKey] = try callback.state()
      }
    }
    for callback in callbacks { try callback.onSaveCheckpoint(self, module, &checkpoint) }
    try module.onSaveCheckpoint(&checkpoint)
    try checkpoint.write(to: path)
    if let loop = checkpoint.resumePoint?.loop { activeFit.savedState = loop }
  }

  /// The folder of checkpoints, created if it is missing; nil if the trainer writes nothing.
  func checkpointFolder(_ chosen: String?) throws -> String? {
    let folder: String
    if let chosen {
      folder = chosen
    } else if let run = currentRun.folder {
      folder = RunFolder.joined(try run.claim(), "checkpoints")
    } else if let directory = logger?.logDirectory {
      folder = RunFolder.joined(directory, "checkpoints")
    } else {
      folder = RunFolder.joined(configuration.defaultRootDir ?? ".", "checkpoints")
    }
    try FileBytes.makeFolder(folder)
    return folder
  }

  /// Throws if checkpoints could not be written.
  ///
  /// A run's own folder is created later, when there is something to write; a folder chosen by the user is created
  /// here.
  func checkCheckpointFolder(_ chosen: String?) throws(FileError) {
    if chosen == nil, let run = currentRun.folder { return try run.checkWritable() }
    let folder =
      chosen
      ?? RunFolder.joined(
        logger?.logDirectory ?? configuration.defaultRootDir ?? ".", "checkpoints")
    try FileBytes.makeFolder(folder)
    try FileSystem.checkWritable(folder, for: .write)
  }

  /// Reads the checkpoint that `wanted` names and puts its weights into `module`.
  func load(
    _ wanted: String, into module: LightningModuleBase
  ) throws -> (checkpoint: Checkpoint, path: String) {
    let path =
      try ownCheckpoint(wanted)
      ?? CheckpointPath.resolve(wanted, parent: currentRun.parent)
    let checkpoint = try Checkpoint(path: path)
    try module.onLoadCheckpoint(checkpoint)
    try module.loadWeights(of: checkpoint, path: path)
    for callback in callbacks { try callback.onLoadCheckpoint(self, module, checkpoint) }
    currentRun.came(from: checkpoint, at: path)
    if wanted == "last" || wanted == "best" { currentRun.noteTrainingsWithout(wanted) }
    return (checkpoint, path)
  }

  /// The checkpoint that `best` or `last` stands for in a trainer that has written some itself; nil in any other.
  private func ownCheckpoint(_ wanted: String) -> String? {
    let callback = callbacks.lazy.compactMap { $0 as? ModelCheckpoint }.first
    let path =
      switch wanted {
      case "best": callback?.bestModelPath
      case "last": callback?.newestPath
      default: String?.none
      }
    return path.flatMap { FileBytes.isFile($0) ? $0 : nil }
  }

  /// Restores optimizers, schedulers and callbacks.
  func restore(_ checkpoint: Checkpoint, _ optimization: Optimization, path: String) throws {
    func misfit(_ what: String) -> CheckpointError { .doesNotFit(path: path, what: what) }
    let (optimizers, schedulers) = (optimization.optimizers, optimization.schedulers)
    guard checkpoint.optimizers.count == optimizers.count else {
      throw misfit(
        "it holds the state of \(checkpoint.optimizers.count) optimizers, the module has "
          + "\(optimizers.count)")
    }
    for (optimizer, saved) in zip(optimizers, checkpoint.optimizers) {
      // The state knows the rate of each group.
      optimizer.learningRate = saved.learningRate
      do {
        try optimizer.loadState(saved.state)
      } catch let error as OptimizerStateError {
        throw misfit(error.description)
      }
    }
    let states = checkpoint.resumePoint?.schedulers ?? []
    guard states.count == schedulers.count else {
      throw misfit(
        "it holds the state of \(states.count) schedulers, the module has \(schedulers.count)")
    }
    for (scheduler, state) in zip(schedulers, states) {
      do {
        try scheduler.loadState(state)
      } catch let error as SchedulerStateError {
        throw misfit(error.description)
      }
    }
    for callback in callbacks {
      if let state = checkpoint.callbackStates[callback.stateKey] {
        try callback.restore(state)
      }
      (callback as? ModelCheckpoint)?.pin(path)
    }
  }
}

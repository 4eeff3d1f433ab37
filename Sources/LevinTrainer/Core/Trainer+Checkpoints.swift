internal import LevinNN
internal import LevinOptimizers
internal import LevinSystem
internal import LevinTensor

extension Trainer {
  /// Writes a checkpoint of the current training.
  ///
  /// A failure leaves no incomplete file behind.
  public func saveCheckpoint(to path: String, weightsOnly: Bool = false) throws {
    guard let activeFit else { return }
    let module = activeFit.module
    var checkpoint = Checkpoint()
    checkpoint.weights = module.stateDictionary
    checkpoint.hyperparameters = hyperparameters
    checkpoint.dataHashes = dataHashes
    if !weightsOnly {
      checkpoint.resumePoint = activeFit.resumePoint
      checkpoint.optimizers = activeFit.optimizers.map { ($0.state, $0.learningRate) }
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
    } else if let run = logger?.runFolder {
      folder = RunFolder.joined(try run.claim(), "checkpoints")
    } else if let directory = logger?.logDirectory {
      folder = RunFolder.joined(directory, "checkpoints")
    } else {
      folder = RunFolder.joined(configuration.defaultRootDir ?? ".", "checkpoints")
    }
    try FileBytes.makeFolder(folder)
    return folder
  }

  /// Reads a checkpoint and puts its weights into `module`.
  func loadWeights(_ path: String, into module: LightningModuleBase) throws -> Checkpoint {
    let checkpoint = try Checkpoint(path: path)
    for callback in callbacks { try callback.onLoadCheckpoint(self, module, checkpoint) }
    try module.onLoadCheckpoint(checkpoint)
    try module.loadWeights(of: checkpoint, path: path)
    return checkpoint
  }

  /// Continues in the folder of the run that the checkpoint belongs to, if it is below the same root.
  func continueRun(of path: String) {
    guard let folder = logger?.runFolder, let real = FileSystem.realPath(path) else { return }
    let parts = real.split(separator: "/")
    guard parts.count > 2 else { return }
    let run = "/" + parts.dropLast(2).joined(separator: "/")
    // The folder is claimed when something is written, as a new one would be.
    folder.continues = run
  }

  /// Restores optimizers and callbacks.
  func restore(_ checkpoint: Checkpoint, optimizers: [Optimizer], path: String) throws {
    guard checkpoint.optimizers.count == optimizers.count else {
      throw CheckpointError.doesNotFit(
        path: path,
        what: "it holds the state of \(checkpoint.optimizers.count) optimizers, the module has "
          + "\(optimizers.count)")
    }
    for (optimizer, saved) in zip(optimizers, checkpoint.optimizers) {
      // The state knows the rate of each group.
      optimizer.learningRate = saved.learningRate
      do {
        try optimizer.loadState(saved.state)
      } catch let error as OptimizerStateError {
        throw CheckpointError.doesNotFit(path: path, what: error.description)
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

internal import LevinConfiguration
internal import LevinData
internal import LevinNN
internal import LevinOptimizers
internal import LevinTensor

/// What a training would do.
package struct TrainingPlan {
  /// The types of the model and its data.
  package var module, data: String
  /// The elements of all parameters, and of those that are trained.
  package var parameterCount, trainedCount: Int
  /// The bytes of the parameters, of the gradients, and of the optimizers' state.
  package var parameterBytes, gradientBytes, optimizerBytes: Int
  /// The batches of an epoch; nil if a loader does not know.
  package var trainBatches: Int?
  /// The batches of a validation; nil if a loader does not know.
  package var validationBatches: Int?
  /// The epochs and the optimizer steps of the training; nil without a limit.
  package var epochs, steps: Int?
  /// The optimizers, and what changes their rates.
  package var optimizers, schedulers: [String]
  /// The learning rate of the first group, over steps or epochs.
  package var rates: [Double]
  /// Whether ``rates`` are those of steps.
  package var ratesAreOfSteps: Bool
  /// Where the run would be written; nil: nowhere.
  package var folder: String?
  /// The checkpoint that the training would go on from, with the finished epochs and steps.
  package var checkpoint: (path: String, epochs: Int, steps: Int)?
}

extension Trainer {
  /// What ``fit(_:dataModule:checkpointPath:)`` would do: the data are set up and the checkpoint is read, but nothing is
  /// trained or written.
  package func plan<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>?,
    checkpointPath: String?
  ) throws -> TrainingPlan {
    let data = dataModule ?? ModuleData(of: module)
    try configuration.check()
    (module.trainer, module.context, self.module) = (self, context, module)
    try data.setup(stage: .fit)
    try module.setup(stage: .fit)
    try module.configureModel()
    let loader = try data.trainDataLoader()
    let trainBatches = try configuration.trainBatches(of: loader.batchCount)
    let steps = configuration.epochLimit.flatMap { epochs in
      trainBatches.map {
        epochs * (($0 + accumulateGradBatches - 1) / accumulateGradBatches)
      }
    }
    let limit = configuration.stepLimit.map { min($0, steps ?? $0) } ?? steps
    estimateSteps = { limit }
    defer { estimateSteps = nil }
    let wanted = try chosenOptimizers?(module) ?? module.configureOptimizers()
    let optimization = try wanted.optimization(steps: limit)
    var point: (path: String, epochs: Int, steps: Int)?
    if let checkpointPath {
      let (checkpoint, path) = try load(checkpointPath, into: module)
      guard let resumed = checkpoint.resumePoint else {
        throw CheckpointError.weightsOnly(path: path)
      }
      let loop = resumed.loop
      point = (path, loop.epoch + (loop.isEpochDone ? 1 : 0), loop.globalStep)
      currentRun.continue(from: path)
      if let optimizer = optimization.optimizers.first {
        let parts = Run.Parts(configuration: configuration, module: module, data: data)
        _ = currentRun.compare(
          checkpoint, hyperparameters: try Run.hyperparameters(of: parts), optimizer: optimizer)
      }
    }
    let epochs = epochs(of: limit, batches: trainBatches)
    let (rates, areOfSteps) = plannedRates(optimization, steps: limit, epochs: epochs)
    let validation = try data.validationDataLoaders().map {
      try configuration.validationBatches(of: $0.batchCount)
    }
    let parameters = module.parameters
    let trained = parameters.filter(\.requiresGradient)
    func bytes(_ parameters: [Parameter]) -> Int {
      parameters.reduce(0) { $0 + $1.value.elementCount * $1.dtype.byteCount }
    }
    return TrainingPlan(
      module: "\(type(of: module))", data: "\(type(of: dataModule ?? data))",
      parameterCount: parameters.reduce(0) { $0 + $1.value.elementCount },
      trainedCount: trained.reduce(0) { $0 + $1.value.elementCount },
      parameterBytes: bytes(parameters), gradientBytes: bytes(trained),
      optimizerBytes: optimization.optimizers.reduce(0) { $0 + $1.expectedStateBytes },
      trainBatches: trainBatches,
      validationBatches: validation.contains(nil) ? nil : validation.compactMap { $0 }.reduce(0, +),
      epochs: epochs, steps: limit, optimizers: optimization.optimizers.map(Self.described),
      schedulers: optimization.schedulers.map { "\(type(of: $0))" }, rates: rates,
      ratesAreOfSteps: areOfSteps, folder: plannedFolder, checkpoint: point)
  }

  private func epochs(of steps: Int?, batches: Int?) -> Int? {
    guard let steps, let batches, batches > 0 else { return configuration.epochLimit }
    let perEpoch = (batches + accumulateGradBatches - 1) / accumulateGradBatches
    let needed = (steps + perEpoch - 1) / perEpoch
    return configuration.epochLimit.map { min($0, needed) } ?? needed
  }

  private static func described(_ optimizer: Optimizer) -> String {
    "\(type(of: optimizer)), learning rate \(ConfigValue.float(optimizer.learningRate).text)"
  }

  /// The rates of the first group, if a scheduler that knows them in advance changes them.
  private func plannedRates(
    _ optimization: Optimization, steps: Int?, epochs: Int?
  ) -> (rates: [Double], areOfSteps: Bool) {
    guard optimization.schedulers.count == 1, let scheduler = optimization.schedulers.first,
      !(scheduler is ReduceLROnPlateau)
    else { return ([], false) }
    let areOfSteps = scheduler.interval == .step
    guard let count = areOfSteps ? steps : epochs, (2...100_000).contains(count) else {
      return ([], areOfSteps)
    }
    let changes = (count + scheduler.frequency - 1) / scheduler.frequency
    let rates = scheduler.plan(steps: changes).map { $0[0] }
    return ((0..<count).map { rates[$0 / scheduler.frequency] }, areOfSteps)
  }

  private var plannedFolder: String? {
    guard let folder = logger?.runFolder else { return nil }
    if let earlier = folder.continues { return earlier }
    let next = RunFolder.versions(in: folder.parent).max().map { $0 + 1 } ?? 0
    return RunFolder.joined(folder.parent, "version_\(next)")
  }
}

internal import LevinData
internal import LevinNN
internal import LevinOptimizers
internal import LevinTensor

/// Short trainings before a training, which leave no trace.
extension Trainer {
  /// Trains up to `steps` optimizer steps on new loaders with new optimizers, without logger, validation and callbacks other than
  /// `observer`; then puts everything back.
  ///
  /// Only from `onFitStart` of a callback. Returns the number of training samples, if the loader knows it.
  @discardableResult
  func trial(steps: Int, _ observer: Callback? = nil) throws -> Int? {
    try runTrial?(steps, observer.map { [$0] } ?? [])
  }

  /// Asks the module for its optimizers again, since their options have changed.
  func configureAgain() throws {
    guard let module else { return }
    optimization = try configuredOptimization(module)
    context.enter(.onFitStart)
  }

  func trial<Batch>(
    of module: LightningModule<Batch>, _ data: LightningDataModule<Batch>, steps: Int,
    _ observers: [Callback]
  ) throws -> Int? {
    let loader = try run(.dataLoader) { try data.trainDataLoader() }
    let before = StateBeforeTrial(self, module, loader.generators)
    defer { before.restore() }
    callbacks = observers
    context.logger = LoggerCollection()
    trainingMetrics = LoggedMetrics(live: LiveMetrics())
    let tried = try configuredOptimization(module)
    optimization = tried
    let loop = try FitLoop(self, module, data, tried, trainLoader: loader, validationLoaders: [])
    activeFit = loop
    try loop.runTrial(steps: steps)
    return (loader as? DataLoader<Batch>)?.sampleCount
  }
}

/// What a trial changes.
private struct StateBeforeTrial {
  private let trainer: Trainer
  private let module: LightningModuleBase
  private let weights: [String: Tensor]
  private let metrics: MetricObjects
  private let metricStates: [String: [String: Tensor]]
  private let generators: [(generator: Generator, state: [UInt8])]
  private let callbacks: [Callback]
  private let logger: LoggerCollection
  private let trainingMetrics: LoggedMetrics
  private let optimization: Optimization?
  private let loop: LoopState
  private let finished, accumulated: Int
  private let shouldStop: Bool
  private let reason: String?

  init(_ trainer: Trainer, _ module: LightningModuleBase, _ generators: [Generator]) {
    (self.trainer, self.module) = (trainer, module)
    weights = Dictionary(module.stateDictionary.map { ($0.name, $0.tensor) }) { first, _ in first }
    metrics = MetricObjects(of: module)
    metricStates = metrics.states
    self.generators = ([Generator.default] + generators).map { ($0, $0.state) }
    (callbacks, logger) = (trainer.callbacks, trainer.context.logger)
    (trainingMetrics, optimization) = (trainer.trainingMetrics, trainer.optimization)
    (loop, finished) = (trainer.context.state, trainer.finishedEpochs)
    (shouldStop, reason) = (trainer.shouldStop, trainer.stoppingReason)
    accumulated = trainer.accumulateGradBatches
  }

  /// What was saved a moment ago fits.
  func restore() {
    _ = try? module.loadState(weights)
    for parameter in module.parameters { parameter.zeroGradient() }
    try? metrics.restore(metricStates)
    for (generator, state) in generators { try? generator.restore(state) }
    (trainer.callbacks, trainer.context.logger) = (callbacks, logger)
    (trainer.trainingMetrics, trainer.optimization) = (trainingMetrics, optimization)
    (trainer.context.state, trainer.finishedEpochs) = (loop, finished)
    (trainer.shouldStop, trainer.stoppingReason) = (shouldStop, reason)
    trainer.accumulateGradBatches = accumulated
    trainer.activeFit = nil
    trainer.context.metrics = nil
    trainer.context.enter(.onFitStart)
  }
}

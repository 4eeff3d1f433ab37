public import LevinOptimizers

/// Trains, validates and tests a module and predicts with it.
///
///     let trainer = Trainer(maxEpochs: 5, gradientClip: .norm(1)) { $0.logEveryNSteps = 10 }
///     try await trainer.fit(model, dataModule: data)
///
/// Hooks are called in Lightning's order.
///
/// A trainer keeps its counters between calls, so that a test after a fit is logged at the fit's last step. It runs
/// one thing at a time.
public final class Trainer {
  /// The hyperparameters of the trainer.
  public let configuration: TrainerConfiguration
  /// The given callbacks, then the default ones, sorted by ``Callback/priority-swift.property``.
  public internal(set) var callbacks: [Callback]
  /// The module of the current run, or of the last one.
  public internal(set) var module: LightningModuleBase?
  /// The progress of the run, readable from any thread.
  public let progress = TrainingProgress()
  /// The latest value of each metric, readable from any thread.
  public let liveMetrics = LiveMetrics()
  /// The current stage; nil if nothing is running.
  public internal(set) var stage: Stage?
  /// Whether the current validation is the sanity check before a training.
  public internal(set) var isSanityChecking = false
  /// Set by a callback or a hook to end the training after the current batch, once the minimum of epochs and steps is
  /// reached; see ``stop(_:)``.
  public var shouldStop = false
  /// Why ``shouldStop`` was set, if whoever did said so.
  public internal(set) var stoppingReason: String?
  /// The number of batches whose gradients are averaged for one optimizer step; a callback may change it between epochs.
  public var accumulateGradBatches: Int
  /// The number of optimizer steps that the current training makes at most; nil if it has no end, or before its data are
  /// set up (Lightning's `estimated_stepping_batches`).
  ///
  /// A module may ask for it in ``LightningModuleBase/configureOptimizers()``.
  public var estimatedSteppingBatches: Int? { estimateSteps?() }
  var estimateSteps: (() -> Int?)?
  /// Returns the command that resumes from a checkpoint, for the message of an interruption; if nil, the message has
  /// a line of Swift.
  public var commandToResume: ((_ checkpointPath: String) -> String)?
  /// Makes the optimizers that options choose, in place of those of the module.
  package var chosenOptimizers: ((LightningModuleBase) throws -> any OptimizerConfiguration)?
  /// The note to print if an evaluation or a prediction has no checkpoint.
  package var noteWithoutCheckpoint: String?

  /// The loggers; nil if there are none.
  let logger: LoggerCollection?
  let currentRun: Run
  /// Measures what the trainer does; ``Profiler/profile(_:_:)`` measures code of one's own.
  public let profiler: Profiler
  /// nil if nothing is measured.
  let profiling: ProfiledCalls?
  let strategy: any Strategy = SingleProcess()
  let context: LoopContext
  var trainingMetrics, validationMetrics, testMetrics: LoggedMetrics
  /// Counts the test batches of this trainer, the x-axis of values logged at each test step.
  var testBatches = LoopState()
  /// Values that callbacks wrote to the logger themselves.
  var callbackValues: [String: Double] = [:]
  /// What the module configured for the current training.
  var optimization: Optimization?
  /// Trains some steps and puts everything back; for callbacks in `onFitStart`.
  var runTrial: ((_ steps: Int, _ observers: [Callback]) throws -> Int?)?
  /// The data module of the current training.
  var dataModule: AnyObject?
  /// Whether the current training goes on from a checkpoint.
  var isResuming = false
  /// The current training.
  var activeFit: (any ActiveFit)?

  let cancellation = CancellationFlag()
  /// The names of the model's layers in the current run.
  let layerNames = LayerNames()
  /// Whether signals ask this run to stop instead of ending the process.
  var holdsSignals = false

  /// - Parameters:
  ///   - logger: Where metrics go; nil: a ``TensorBoardLogger`` below `configuration.defaultRootDir`, or none if the
  ///     configuration turns it off.
  ///   - loggers: More of them. The first of all that makes a folder makes that of the run.
  ///   - profiler: Measures what the trainer does; nil: the one that the configuration names.
  public init(
    _ configuration: TrainerConfiguration, callbacks: [Callback] = [], logger: (any Logger)? = nil,
    loggers: [any Logger] = [], profiler: Profiler? = nil
  ) {
    self.configuration = configuration
    accumulateGradBatches = configuration.accumulateGradBatches
    let isBare = configuration.barebones
    if configuration.fastDevRun.isOn || !configuration.logger || isBare {
      self.logger = nil
    } else {
      let given = (logger.map { [$0] } ?? []) + loggers
      let byDefault = TensorBoardLogger(saveDir: configuration.defaultRootDir ?? ".")
      self.logger = LoggerCollection(given.isEmpty ? [byDefault] : given)
    }
    self.profiler = profiler ?? configuration.profiler?.make() ?? PassThroughProfiler()
    profiling = self.profiler.isActive && !isBare ? ProfiledCalls(self.profiler) : nil
    var callbacks = callbacks
    func add<Default: Callback>(_ callback: @autoclosure () -> Default, if isWanted: Bool) {
      guard isWanted, !isBare, !callbacks.contains(where: { $0 is Default }) else { return }
      callbacks.append(callback())
    }
    add(ModelCheckpoint(), if: configuration.enableCheckpointing)
    add(ModelSummary(), if: configuration.enableModelSummary)
    add(ProgressBar(), if: configuration.enableProgressBar)
    self.callbacks = Self.sorted(callbacks)
    currentRun = Run(folder: self.logger?.runFolder, root: configuration.defaultRootDir)
    context = LoopContext(logger: self.logger ?? LoggerCollection())
    context.ignoresLog = isBare
    trainingMetrics = LoggedMetrics(live: liveMetrics)
    validationMetrics = LoggedMetrics(live: liveMetrics)
    testMetrics = LoggedMetrics(live: liveMetrics)
  }

  /// Creates a trainer with the defaults of ``TrainerConfiguration`` for everything not given; `change` sets any other
  /// option.
  public convenience init(
    maxEpochs: Int? = nil, maxSteps: Int = -1, gradientClip: GradientClip? = nil,
    logEveryNSteps: Int = 50, defaultRootDir: String? = nil, callbacks: [Callback] = [],
    logger: (any Logger)? = nil, loggers: [any Logger] = [], profiler: Profiler? = nil,
    _ change: (inout TrainerConfiguration) -> Void = { _ in }
  ) {
    var configuration = TrainerConfiguration()
    configuration.maxEpochs = maxEpochs
    configuration.maxSteps = maxSteps
    configuration.logEveryNSteps = logEveryNSteps
    configuration.defaultRootDir = defaultRootDir
    switch gradientClip {
    case .norm(let limit):
      (configuration.gradientClipVal, configuration.gradientClipAlgorithm) = (limit, .norm)
    case .value(let limit):
      (configuration.gradientClipVal, configuration.gradientClipAlgorithm) = (limit, .value)
    case nil: break
    }
    change(&configuration)
    self.init(
      configuration, callbacks: callbacks, logger: logger, loggers: loggers, profiler: profiler)
  }

  /// The callbacks by their priority, those of one priority in their order.
  static func sorted(_ callbacks: [Callback]) -> [Callback] {
    callbacks.enumerated()
      .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
      .map(\.element)
  }

  /// Ends the training after the current batch, once the minimum of epochs and steps is reached, and says why.
  public func stop(_ reason: String) {
    shouldStop = true
    stoppingReason = reason
  }

  /// The configuration of the run as YAML, saved in the run's folder as `config.yaml`.
  public var configurationText: String? {
    get { currentRun.configurationText }
    set { currentRun.configurationText = newValue }
  }
  /// The epoch, from 0; after `fit` the number of finished epochs.
  public var currentEpoch: Int { context.state.epoch }
  /// The number of steps of all optimizers so far.
  public var globalStep: Int { context.state.globalStep }
  /// The number of training batches so far; more than ``globalStep`` if gradients are accumulated.
  public var batchStep: Int { context.state.totalBatches }
  /// The optimizers of the current training.
  public var optimizers: [Optimizer] {
    activeFit?.optimizers.map(\.optimizer) ?? optimization?.optimizers ?? []
  }
  /// The schedulers of the current training; a callback may replace them from `onFitStart` on.
  public var schedulers: [LearningRateScheduler] {
    get { activeFit?.schedulers ?? optimization?.schedulers ?? [] }
    set {
      optimization?.schedulers = newValue
      activeFit?.schedulers = newValue
    }
  }
  /// The latest logged values by name.
  public var callbackMetrics: [String: Double] {
    var values: [String: Double] = [:]
    trainingMetrics.addReadable(to: &values)
    validationMetrics.addReadable(to: &values)
    testMetrics.addReadable(to: &values)
    for (name, value) in callbackValues { values[name] = value }
    return values
  }
  /// The folder of the run; nil until something is written to it.
  public var runDirectory: String? { currentRun.folder?.path }
  /// The number N of the run's folder `version_N`; nil until something is written to it.
  public var version: Int? { currentRun.folder?.version }
  /// The loggers of the trainer.
  public var loggers: [any Logger] { logger?.loggers ?? [] }
  /// Whether a training is running, apart from its sanity check.
  public var isTraining: Bool { stage == .fit && !isSanityChecking }

  /// Whether the current training validates.
  var validates: Bool { activeFit?.validates ?? false }
  /// Whether checkpoints are written.
  var savesCheckpoints: Bool { isTraining && !configuration.fastDevRun.isOn }
  /// The number of epochs whose last batch was trained.
  var finishedEpochs: Int {
    get { currentRun.finishedEpochs }
    set { currentRun.finishedEpochs = newValue }
  }
}

/// What a trainer can run.
public enum Stage: String, Sendable, Codable { case fit, validate, test, predict }

public import LevinOptimizers

/// Trains, validates and tests a module and predicts with it.
///
/// Hooks are called in Lightning's order.
///
/// A trainer keeps its counters between calls, so that a test after a fit is logged at the fit's last step. It runs
/// one thing at a time.
public final class Trainer {
  /// The hyperparameters of the trainer.
  public let configuration: TrainerConfiguration
  /// The given callbacks, then the default ones; those that write checkpoints come last.
  public internal(set) var callbacks: [Callback]
  /// The progress of the run, readable from any thread.
  public let progress = TrainingProgress()
  /// The latest value of each metric, readable from any thread.
  public let liveMetrics = LiveMetrics()
  /// Set by a callback or a hook to end the training after the current batch, once the minimum of epochs and steps is
  /// reached.
  public var shouldStop = false
  /// The configuration of the run as YAML, saved in the run's folder as `config.yaml`.
  public var configurationText: String?
  /// Returns the command that resumes from a checkpoint, for the message of an interruption; if nil, the message has
  /// a line of Swift.
  public var commandToResume: ((_ checkpointPath: String) -> String)?

  let logger: (any Logger)?
  let context: LoopContext
  var trainingMetrics: MetricCollection
  var validationMetrics: MetricCollection
  var testMetrics: MetricCollection
  /// The current training.
  var activeFit: (any ActiveFit)?
  /// The current stage; nil if nothing is running.
  public internal(set) var stage: Stage?
  var isSanityChecking = false
  /// Hyperparameters of the modules, as JSON, for checkpoints.
  var hyperparameters: String?
  var record: RunRecord?
  /// The number of test batches of this trainer so far, the x-axis of values logged at each test step.
  var testBatches = 0
  /// Values that callbacks wrote to the logger themselves.
  var callbackValues: [String: Double] = [:]
  /// The checkpoint that the current stage began with; nil if it began from scratch.
  var source: RunStretch.Source?
  /// The fingerprints of the data that the checkpoint was written with, by the name of the set.
  var loadedHashes: [String: String] = [:]
  /// The fingerprints of this trainer's data.
  var dataHashes: [String: String] = [:]
  /// Notes printed before the run's record existed.
  var notes: [String] = []
  /// The note to print if an evaluation or a prediction has no checkpoint.
  package var noteWithoutCheckpoint: String?
  /// The number of optimizer steps at the start of the current stage.
  var firstStep = 0
  /// The number of epochs whose last batch was trained.
  var finishedEpochs = 0
  /// The folder that was last announced on the terminal.
  var announcedFolder: String?

  let cancellation = CancellationFlag()
  /// The names of the model's layers in the current run.
  let layerNames = LayerNames()
  /// Whether signals ask this run to stop instead of ending the process.
  var holdsSignals = false

  /// - Parameter logger: Where metrics go; nil: a ``TensorBoardLogger`` below `configuration.defaultRootDir`, or none
  ///   if the configuration turns it off.
  public init(
    _ configuration: TrainerConfiguration, callbacks: [Callback] = [], logger: (any Logger)? = nil
  ) {
    self.configuration = configuration
    let isDevelopment = configuration.fastDevRun > 0
    if isDevelopment || !configuration.logger {
      self.logger = nil
    } else {
      self.logger = logger ?? TensorBoardLogger(root: configuration.defaultRootDir ?? ".")
    }
    var callbacks = callbacks
    if configuration.enableCheckpointing, !callbacks.contains(where: { $0 is ModelCheckpoint }) {
      callbacks.append(ModelCheckpoint())
    }
    if configuration.enableModelSummary, !callbacks.contains(where: { $0 is ModelSummary }) {
      callbacks.append(ModelSummary())
    }
    if configuration.enableProgressBar, !callbacks.contains(where: { $0 is ProgressBar }) {
      callbacks.append(ProgressBar())
    }
    self.callbacks = Self.checkpointsLast(callbacks)
    context = LoopContext(logger: self.logger ?? MutedLogger())
    trainingMetrics = MetricCollection(live: liveMetrics)
    validationMetrics = MetricCollection(live: liveMetrics)
    testMetrics = MetricCollection(live: liveMetrics)
  }

  /// Creates a trainer with the defaults of ``TrainerConfiguration`` for everything not given.
  public convenience init(
    maxEpochs: Int? = nil, logEveryNSteps: Int = 50, defaultRootDir: String? = nil,
    callbacks: [Callback] = [], logger: (any Logger)? = nil
  ) {
    var configuration = TrainerConfiguration()
    configuration.maxEpochs = maxEpochs
    configuration.logEveryNSteps = logEveryNSteps
    configuration.defaultRootDir = defaultRootDir
    self.init(configuration, callbacks: callbacks, logger: logger)
  }

  static func checkpointsLast(_ callbacks: [Callback]) -> [Callback] {
    callbacks.filter { !($0 is ModelCheckpoint) } + callbacks.filter { $0 is ModelCheckpoint }
  }

  /// The epoch, from 0; after `fit` the number of finished epochs.
  public var currentEpoch: Int { context.state.epoch }
  /// The number of optimizer steps so far.
  public var globalStep: Int { context.state.globalStep }
  /// The optimizers of the current training.
  public var optimizers: [Optimizer] { activeFit?.optimizers ?? [] }
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
  public var runDirectory: String? { logger?.runFolder?.path }
  /// The number N of the run's folder `version_N`; nil until something is written to it.
  public var version: Int? { logger?.runFolder?.version }
  /// Whether a training is running, apart from its sanity check.
  public var isTraining: Bool { stage == .fit && !isSanityChecking }
  /// Whether the current training validates.
  var validates: Bool { activeFit?.validates ?? false }
  /// Whether checkpoints are written.
  var savesCheckpoints: Bool { isTraining && configuration.fastDevRun == 0 }
  /// The folder of all versions, in which `last` and `best` are looked up.
  var versionsFolder: String {
    logger?.runFolder?.parent ?? RunFolder(root: configuration.defaultRootDir ?? ".").parent
  }
}

/// What a trainer can run.
public enum Stage: String, Sendable, Codable { case fit, validate, test, predict }

/// The trainer's hyperparameters, as the command line and YAML name them (`max_epochs`, `log_every_n_steps`, …).
public struct TrainerConfiguration: HyperparameterSet {
  /// Stop after this many epochs; nil: 1000, or no limit when ``maxSteps`` is set; -1: no limit.
  public var maxEpochs: Int? = nil
  /// No early stop before this many epochs.
  public var minEpochs: Int? = nil
  /// Stop after this many optimizer steps; -1: no limit.
  public var maxSteps: Int = -1
  /// No early stop before this many optimizer steps.
  public var minSteps: Int? = nil
  /// Training batches of an epoch.
  public var limitTrainBatches: BatchLimit = .all
  /// Batches of a validation; 0 switches it off.
  public var limitValBatches: BatchLimit = .all
  /// Batches of a test.
  public var limitTestBatches: BatchLimit = .all
  /// Batches of a prediction.
  public var limitPredictBatches: BatchLimit = .all
  /// When to validate within an epoch: a fraction of its batches, or a count of batches; 1.0: at its end.
  public var valCheckInterval: BatchLimit = .all
  /// Validate in every n-th epoch.
  public var checkValEveryNEpoch: Int = 1
  /// Validation batches that are tried before the training; -1: all.
  public var numSanityValSteps: Int = 2
  /// Write the metrics of every n-th training step; 0: of none.
  public var logEveryNSteps: Int = 50
  /// Optimizer steps use the mean gradient of this many batches.
  public var accumulateGradBatches: Int = 1
  /// The largest norm (or absolute value) of the gradients; nil or 0: no limit.
  public var gradientClipVal: Double? = nil
  /// What ``gradientClipVal`` limits.
  public var gradientClipAlgorithm: GradientClipAlgorithm = .norm
  /// Run this many batches of each loop once, without logger and checkpoints; 0: off.
  public var fastDevRun: Int = 0
  /// Train and validate on this part of the data alone; 0.0: off.
  public var overfitBatches: BatchLimit = 0.0
  /// Where `lightning_logs` is made; nil: the working directory.
  public var defaultRootDir: String? = nil
  /// Write a run folder for TensorBoard.
  public var logger = true
  /// Show how far the run is.
  public var enableProgressBar = true
  /// Print the layers before the training.
  public var enableModelSummary = true
  /// Write checkpoints, where no ``ModelCheckpoint`` is given by the default one.
  public var enableCheckpointing = true
  /// The defaults.
  public init() {}
  /// Throws for a value out of its range.
  public func validate() throws { try check() }
}

/// How gradients are clipped.
public enum GradientClipAlgorithm: String, Sendable, Codable, CaseIterable {
  /// All gradients are scaled so that their common L2 norm is at most the limit.
  case norm
  /// Each element is limited by itself.
  case value
}

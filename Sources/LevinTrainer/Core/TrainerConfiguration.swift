public import LevinConfiguration

/// The trainer's hyperparameters, as the command line and YAML name them (`max_epochs`, `log_every_n_steps`, …).
///
/// ``help`` repeats these comments.
public struct TrainerConfiguration: HyperparameterSet {
  /// Stop after this many epochs; -1: no limit; nil: 1000, or no limit if ``maxSteps`` is set.
  public var maxEpochs: Int? = nil
  /// Do not stop early before this many epochs; nil: no minimum.
  public var minEpochs: Int? = nil
  /// Stop after this many optimizer steps; -1: no limit.
  public var maxSteps: Int = -1
  /// Do not stop early before this many optimizer steps; nil: no minimum.
  public var minSteps: Int? = nil
  /// Training batches in an epoch: a count, such as 10, or a fraction, such as 0.25; 1.0: all.
  public var limitTrainBatches: BatchLimit = .all
  /// Batches in a validation: a count or a fraction; 1.0: all; 0: no validation.
  public var limitValBatches: BatchLimit = .all
  /// Batches in a test: a count or a fraction; 1.0: all.
  public var limitTestBatches: BatchLimit = .all
  /// Batches in a prediction: a count or a fraction; 1.0: all.
  public var limitPredictBatches: BatchLimit = .all
  /// How often to validate within an epoch: a fraction, such as 0.25, or a count of batches; 1.0: at its end.
  public var valCheckInterval: BatchLimit = .all
  /// Validate in every n-th epoch.
  public var checkValEveryNEpoch: Int = 1
  /// Validation batches to try before the training; 0: none; -1: all.
  public var numSanityValSteps: Int = 2
  /// Write the metrics of every n-th training step; 0: of none.
  public var logEveryNSteps: Int = 50
  /// Batches whose gradients are averaged for one optimizer step.
  public var accumulateGradBatches: Int = 1
  /// The largest norm, or absolute value, of the gradients; 0 or nil: no limit.
  public var gradientClipVal: Double? = nil
  /// What ``gradientClipVal`` limits: the norm of all gradients together, or the value of each
  /// element.
  public var gradientClipAlgorithm: GradientClipAlgorithm = .norm
  /// Run this many batches of each loop once, without a logger or checkpoints, to check that everything works; 0:
  /// off.
  public var fastDevRun: Int = 0
  /// Train and validate on this part of the batches only: a count or a fraction; 0.0: off.
  public var overfitBatches: BatchLimit = 0.0
  /// The folder in which lightning_logs is created; nil: the working directory.
  public var defaultRootDir: String? = nil
  /// Write a run folder for TensorBoard.
  public var logger = true
  /// Show a progress bar.
  public var enableProgressBar = true
  /// Print the layers before the training.
  public var enableModelSummary = true
  /// Write checkpoints.
  public var enableCheckpointing = true
  /// Look for NaN in each training step and its gradients, and report the operation and the layer that produced the
  /// first one; slow.
  public var detectAnomaly = false
  /// The defaults.
  public init() {}
  /// Throws for a value out of its range.
  public func validate() throws { try check() }
}

/// How gradients are clipped.
public enum GradientClipAlgorithm: String, Sendable, Codable, CaseIterable {
  /// All gradients are scaled so that their common L2 norm is at most the limit.
  case norm
  /// Each element is limited separately.
  case value
}

public import LevinConfiguration

/// The trainer's hyperparameters, as the command line and YAML name them (`max_epochs`, `log_every_n_steps`, …).
///
/// ``help`` repeats these comments.
public struct TrainerConfiguration: HyperparameterSet {
  /// Stop after this many epochs; -1: no limit; nil: 1000, or no limit if ``maxSteps`` or ``maxTime`` is set.
  public var maxEpochs: Int? = nil
  /// Do not stop early before this many epochs; nil: no minimum.
  public var minEpochs: Int? = nil
  /// Stop after this many optimizer steps; -1: no limit.
  public var maxSteps: Int = -1
  /// Do not stop early before this many optimizer steps; nil: no minimum.
  public var minSteps: Int? = nil
  /// Stop after this time of training, earlier runs included: DD:HH:MM:SS; nil: no limit.
  public var maxTime: TimeLimit? = nil
  /// Training batches in an epoch: a count, such as 10, or a fraction, such as 0.25; 1.0: all.
  public var limitTrainBatches: BatchLimit = .all
  /// Batches in a validation: a count or a fraction; 1.0: all; 0: no validation.
  public var limitValBatches: BatchLimit = .all
  /// Batches in a test: a count or a fraction; 1.0: all.
  public var limitTestBatches: BatchLimit = .all
  /// Batches in a prediction: a count or a fraction; 1.0: all.
  public var limitPredictBatches: BatchLimit = .all
  /// How often to validate within an epoch: a fraction, such as 0.25, a count of batches, or a time, DD:HH:MM:SS; 1.0:
  /// at its end.
  public var valCheckInterval: ValidationInterval = .atEnd
  /// Validate in every n-th epoch; nil: count the batches of ``valCheckInterval`` across epochs.
  public var checkValEveryNEpoch: Int? = 1
  /// Validation batches to try before the training; 0: none; -1: all.
  public var numSanityValSteps: Int = 2
  /// Write the metrics of every n-th training step; 0: of none.
  public var logEveryNSteps: Int = 50
  /// The x-axis of metrics of an epoch, also of validations and tests: step or epoch.
  public var xAxis: XAxis = .step
  /// Batches whose gradients are averaged for one optimizer step.
  public var accumulateGradBatches: Int = 1
  /// The largest norm, or absolute value, of the gradients; 0 or nil: no limit.
  public var gradientClipVal: Double? = nil
  /// What ``gradientClipVal`` limits: the norm of all gradients together, or the value of each
  /// element.
  public var gradientClipAlgorithm: GradientClipAlgorithm = .norm
  /// Run this many batches of each loop once, without a logger or checkpoints, to check that everything works; true: 1;
  /// 0: off.
  public var fastDevRun: FastDevRun = 0
  /// Train and validate on this part of the batches only: a count or a fraction; 0.0: off.
  public var overfitBatches: BatchLimit = 0.0
  /// Ask for new loaders after this many epochs; 0: never.
  public var reloadDataloadersEveryNEpochs: Int = 0
  /// Whether validations change the random numbers of the training, as in Lightning (torch), or not (isolated).
  public var randomness: Randomness = .torch
  /// The numbers that parameters and batches are computed in.
  public var precision: Precision = .float32
  /// The processor to train on: auto or cpu.
  public var accelerator: String = "auto"
  /// How many of them: auto or 1.
  public var devices: DeviceCount = .auto
  /// Threads that share large computations; nil: one a core.
  public var threads: Int? = nil
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
  /// Measure what the run does: simple, a table of times, or advanced, with a trace of each operation; nil: off.
  public var profiler: ProfilerKind? = nil
  /// Look for NaN in each training step and its gradients, and report the operation and the layer that produced the
  /// first one; slow.
  public var detectAnomaly = false
  /// Leave out everything but the training itself: logger, checkpoints, progress bar, summary, sanity check and log.
  public var barebones = false
  /// The defaults.
  public init() {}
  /// Throws for a value out of its range.
  public func validate() throws { try check() }
}

/// What the x-axis of metrics of an epoch counts.
public enum XAxis: String, Sendable, Codable, CaseIterable {
  /// The batches that ended in an optimizer step, as for metrics of steps.
  case step
  /// The epochs.
  case epoch
}

/// How gradients are clipped.
public enum GradientClipAlgorithm: String, Sendable, Codable, CaseIterable {
  /// All gradients are scaled so that their common L2 norm is at most the limit.
  case norm
  /// Each element is limited separately.
  case value
}

/// A limit of gradients, for ``Trainer``'s initializer.
public enum GradientClip: Sendable, Hashable {
  /// All gradients are scaled so that their common L2 norm is at most this.
  case norm(Double)
  /// Each element's absolute value is at most this.
  case value(Double)
}

/// Whether what is not training changes the training's random numbers.
public enum Randomness: String, Sendable, Codable, CaseIterable {
  /// As in Lightning: each pass over validation batches draws a number from the default generator, and whatever the
  /// steps draw comes from there too.
  case torch
  /// The default generator is put back after each validation, so that a training has the same weights with and without.
  case isolated
}

/// The numbers that a model computes in.
public struct Precision: Sendable, Hashable, ConfigScalar {
  /// As it is written; one that Levin does not have is refused when a run begins.
  public let name: String

  /// Lightning's default.
  public static let float32 = Precision(name: "32-true")
  /// Parameters, buffers and batches are converted to float64.
  public static let float64 = Precision(name: "64-true")

  private init(name: String) { self.name = name }

  /// Decodes a name, or 32 or 64.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text =
      try (try? container.decode(Int.self)).map { "\($0)" } ?? container.decode(String.self)
    name = ["32": "32-true", "64": "64-true"][text] ?? text
  }

  /// Encodes the value as it is written.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }

  /// What is read, for help and errors.
  public static let expected = "32-true or 64-true"
  /// The value as it is written.
  public var configValue: ConfigValue { .string(name) }

  func check() throws(TrainerError) {
    guard self != .float32, self != .float64 else { return }
    throw .configuration(
      key: "precision", found: name,
      expected:
        "32-true or 64-true: processors compute no faster in 16 bits, so Levin trains in full precision"
    )
  }
}

/// How many devices to train on: there is one.
public enum DeviceCount: Sendable, Hashable, ConfigScalar {
  case auto
  case count(Int)

  /// Decodes a number, or `auto`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      self = .count(count)
      return
    }
    let text = try container.decode(String.self)
    guard text == "auto" else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "found '\(text)'; expected auto or 1"))
    }
    self = .auto
  }

  /// Encodes the value as it is written.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .auto: try container.encode("auto")
    case .count(let count): try container.encode(count)
    }
  }

  /// What is read, for help and errors.
  public static let expected = "auto or 1"
  /// The value as it is written.
  public var configValue: ConfigValue {
    switch self {
    case .auto: .string("auto")
    case .count(let count): .integer(count)
    }
  }
}

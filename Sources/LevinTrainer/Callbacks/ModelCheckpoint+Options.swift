public import LevinConfiguration

extension ModelCheckpoint {
  /// Whether a lower or a higher value of a monitored metric is better.
  public enum Mode: String, Sendable, Codable, CaseIterable {
    case min, max

    /// Whether `a` is better than `b`.
    func isBetter(_ a: Double, than b: Double) -> Bool { self == .min ? a < b : a > b }
    /// A value that is worse than any other.
    var worst: Double { self == .min ? .infinity : -.infinity }
  }

  /// What is kept as `last.safetensors`; `true` is ``copy``, `false` ``none``.
  public enum LastFile: Sendable, Hashable, ConfigScalar, ExpressibleByBooleanLiteral {
    /// Nothing.
    case none
    /// A copy of the newest checkpoint.
    case copy
    /// A symbolic link to the newest checkpoint.
    case link

    /// ``copy`` or ``none``.
    public init(booleanLiteral value: Bool) { self = value ? .copy : .none }

    /// Decodes a truth value, or `link`.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let copies = try? container.decode(Bool.self) {
        self = copies ? .copy : .none
      } else if try container.decode(String.self) == "link" {
        self = .link
      } else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "expected \(Self.expected)"))
      }
    }

    /// Encodes the value as it is written.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if self == .link { try container.encode("link") } else { try container.encode(self == .copy) }
    }

    /// What is read, for help and errors.
    public static let expected = "true, false or link"
    /// The value as it is written.
    public var configValue: ConfigValue { self == .link ? .string("link") : .bool(self == .copy) }
  }

  /// The format of the files.
  public enum Format: String, Sendable, Codable, CaseIterable {
    /// Safetensors, named `.safetensors`.
    case safetensors
    /// What Lightning and `torch.load` open, named `.ckpt`; Levin resumes from it as exactly.
    case lightning

    var fileExtension: String { self == .safetensors ? CheckpointPath.fileExtension : ".ckpt" }
  }

  /// The options of ``ModelCheckpoint``.
  public struct Options: HyperparameterSet {
    /// The folder of the checkpoints (Lightning's `dirpath`); nil: `checkpoints` in the run's folder.
    public var directory: String?
    /// The name without extension, with `{epoch}`, `{step}` and logged metrics in braces.
    ///
    /// `{epoch:02d}-{val/acc:.2f}` gives `epoch=04-val-acc=0.96`. After the colon stands a format as in C and Python: a 0 to pad
    /// with zeros, a width, a precision, and `d`, `f`, `e` or `g`. A metric without a format has at most four decimals; one
    /// that was not logged counts as 0. A slash in a name becomes `-`.
    public var fileName = "{epoch}-{step}"
    /// The metric that decides which checkpoints are best; nil: the newest is.
    public var monitor: String?
    /// Whether a lower or a higher value of ``monitor`` is better.
    public var mode = Mode.min
    /// How many of the best checkpoints are kept; -1: all; 0: none.
    public var saveTopK = 1
    /// Whether the newest one is also kept as `last.safetensors`, as a copy or as a link.
    public var saveLast = LastFile.none
    /// Whether an error in a training saves a checkpoint of the batch before.
    public var saveOnException = false
    /// Whether only weights are saved; training cannot resume from such a file.
    public var saveWeightsOnly = false
    /// Whether `{name}` in ``fileName`` becomes `name=value` instead of the value alone.
    public var autoInsertMetricName = true
    /// Saves after every n-th optimizer step instead of at the end of an epoch.
    public var everyNTrainSteps: Int?
    /// Saves after the first optimizer step that is this long after the last save, instead of at the end of an epoch.
    public var trainTimeInterval: TimeLimit?
    /// Saves at the end of every n-th epoch; 0: never; nil: of every epoch, if neither of the two above is set.
    public var everyNEpochs: Int?
    /// The format of the files: safetensors, or lightning for `.ckpt` files that Lightning opens.
    public var format = Format.safetensors
    /// Whether an epoch is saved when its training ends, instead of after each validation; nil: if it has one validation, at its end, or none.
    public var saveOnTrainEpochEnd: Bool?
    /// Whether a file that is already there is kept, and the new one gets `-v1`, `-v2`, … after its name.
    public var enableVersionCounter = true
    /// Whether each decision is printed.
    public var verbose = false

    /// Creates options with their defaults.
    public init() {}

    private enum CodingKeys: String, CodingKey {
      case directory = "dirpath"
      case fileName = "filename"
      case monitor, mode, saveTopK, saveLast, saveOnException, saveWeightsOnly
      case autoInsertMetricName, everyNTrainSteps, trainTimeInterval, everyNEpochs
      case format, saveOnTrainEpochEnd, enableVersionCounter, verbose
    }

    /// Throws ``ConfigError`` if a value is out of range, or if two contradict each other.
    public func validate() throws {
      try require("save_top_k", saveTopK, atLeast: -1)
      try require("every_n_train_steps", everyNTrainSteps ?? 1, atLeast: 1)
      try require("every_n_epochs", everyNEpochs ?? 0, atLeast: 0)
      guard monitor != nil || saveTopK <= 1 else {
        throw ConfigError(
          "save_top_k: found \(saveTopK) without a monitor; expected -1, 0 or 1, or a monitor that decides which are best",
          key: "save_top_k")
      }
      let triggers = [everyNTrainSteps != nil, trainTimeInterval != nil, everyNEpochs ?? 0 > 0]
      guard triggers.filter({ $0 }).count <= 1 else {
        throw ConfigError(
          "found several of every_n_train_steps, train_time_interval and every_n_epochs; expected one: use a "
            + "ModelCheckpoint for each", key: "every_n_train_steps")
      }
      _ = try CheckpointName(fileName, insertsNames: autoInsertMetricName)
    }

    /// The number of epochs between two saves; 0 if epochs do not matter.
    var epochs: Int {
      everyNEpochs ?? (everyNTrainSteps == nil && trainTimeInterval == nil ? 1 : 0)
    }

    /// A sentence about each option.
    public static let help = [
      "dirpath": "The folder of the checkpoints; null: checkpoints in the run's folder.",
      "filename":
        "The name, with {epoch}, {step} and metrics in braces, such as {epoch:02d}-{val/acc:.2f}.",
      "monitor": "The metric that decides which checkpoints are best; null: the newest is.",
      "mode": "Whether a lower or a higher value is better.",
      "save_top_k": "How many of the best are kept; -1: all; 0: none.",
      "format":
        "The format of the files: safetensors, or lightning for .ckpt files that Lightning opens.",
      "save_last": "Whether the newest is also kept as last.safetensors, as a copy or as a link.",
      "save_on_exception": "Whether an error in a training saves a checkpoint.",
      "save_weights_only": "Whether only weights are saved.",
      "auto_insert_metric_name": "Whether {name} becomes name=value instead of the value alone.",
      "every_n_train_steps":
        "Save after every n-th optimizer step instead of at the end of an epoch.",
      "train_time_interval": "Save after this time instead of at the end of an epoch.",
      "every_n_epochs": "Save at the end of every n-th epoch; 0: never.",
      "save_on_train_epoch_end":
        "Whether to save when an epoch's training ends, instead of after each validation.",
      "enable_version_counter":
        "Whether a file that is already there is kept, and the new one gets -v1 after its name.",
      "verbose": "Whether each decision is printed.",
    ]
  }
}

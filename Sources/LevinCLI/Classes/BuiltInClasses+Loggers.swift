internal import LevinConfiguration
internal import LevinTrainer

extension BuiltInClasses {
  static let loggers: [ClassEntry] = [
    entry(
      (any Logger).self, TensorBoardOptions.self, path: "lightning.pytorch.loggers",
      about: "Event files for TensorBoard.", ignored: ["comment": nil]
    ) {
      TensorBoardLogger(
        saveDir: $0.saveDir, name: $0.name ?? "", version: $0.version?.version,
        logGraph: $0.logGraph, defaultHPMetric: $0.defaultHpMetric, prefix: $0.prefix,
        subDir: $0.subDir ?? "")
    },
    entry(
      (any Logger).self, CSVOptions.self, path: "lightning.pytorch.loggers",
      about: "A table of metrics, metrics.csv.", ignored: ["flush_logs_every_n_steps": nil]
    ) {
      CSVLogger(
        saveDir: $0.saveDir, name: $0.name ?? "", version: $0.version?.version, prefix: $0.prefix)
    },
  ]

  private struct TensorBoardOptions: HyperparameterSet {
    var saveDir = "."
    var name: String? = "lightning_logs"
    var version: VersionOption?
    var logGraph = false
    var defaultHpMetric = false
    var prefix = ""
    var subDir: String?
    static let help = loggerHelp.merging([
      "log_graph": "Whether the graph of the module's example input is written.",
      "default_hp_metric": "Whether a metric hp_metric is written beside the hyperparameters.",
      "sub_dir": "A folder in that of the run for the event files; null: none.",
    ]) { $1 }
  }

  private struct CSVOptions: HyperparameterSet {
    var saveDir: String?
    var name: String? = "lightning_logs"
    var version: VersionOption?
    var prefix = ""
    static let help = loggerHelp
  }

  private static let loggerHelp = [
    "save_dir": "The folder of all experiments.",
    "name": "The folder of this experiment below it; null: none.",
    "version": "The folder of the run: a number, or a name; null: the next number.",
    "prefix": "Metrics are named prefix-name.",
  ]

  /// The folder of a run: a number, or a name.
  private struct VersionOption: ConfigScalar {
    var version: RunVersion
    static let expected = "int or name"
    var configValue: ConfigValue {
      switch version {
      case .number(let number): .integer(number)
      case .name(let name): .string(name)
      }
    }
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      version =
        if let number = try? container.decode(Int.self) { .number(number) } else {
          .name(try container.decode(String.self))
        }
    }
    func encode(to encoder: any Encoder) throws {}
  }
}

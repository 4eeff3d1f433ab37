internal import LevinConfiguration
internal import LevinTrainer

extension BuiltInClasses {
  static let callbacks: [ClassEntry] = [
    callback(
      EarlyStopping.Options.self, "Stops when a metric has not improved for some time.",
      required: ["monitor"], ignored: ["log_rank_zero_only": nil]
    ) { EarlyStopping($0) },
    callback(ModelCheckpoint.Options.self, "Writes checkpoints.") { ModelCheckpoint($0) },
    callback(LearningRateMonitor.Options.self, "Logs learning rates.") { LearningRateMonitor($0) },
    callback(
      ProgressBar.Options.self, "Shows the progress of a run.",
      aliases: ["TQDMProgressBar", "RichProgressBar"],
      ignored: ["process_position": nil, "theme": nil, "console_kwargs": nil]
    ) { ProgressBar($0) },
    callback(
      ModelSummary.Options.self, "Prints the model's layers.", aliases: ["RichModelSummary"]
    ) { ModelSummary($0) },
    callback(
      TrainingTimer.Options.self, "Stops after some time.", aliases: ["Timer"],
      ignored: ["verbose": nil]
    ) { TrainingTimer($0) },
    callback(
      StochasticWeightAveraging.Options.self, "Averages the weights of the last epochs.",
      required: ["swa_lrs"], ignored: ["avg_fn": [.null], "device": nil]
    ) { StochasticWeightAveraging($0) },
    callback(
      EMAWeightAveraging.Options.self, "Validates and saves a running average of the weights.",
      ignored: ["device": nil]
    ) { EMAWeightAveraging($0) },
    callback(
      BackboneFinetuning.Options.self, "Trains a backbone only from some epoch on.",
      ignored: ["rounding": nil]
    ) { BackboneFinetuning($0) },
    callback(
      LearningRateFinder.Options.self, "Looks for a good learning rate before the training."
    ) { LearningRateFinder($0) },
    callback(
      BatchSizeFinder.Options.self, "Looks for the largest batch that the memory holds."
    ) { BatchSizeFinder($0) },
    callback(
      OnExceptionCheckpoint.Options.self, "Writes a checkpoint when a training fails."
    ) { OnExceptionCheckpoint($0) },
    callback(
      GradientAccumulationScheduler.Options.self,
      "Accumulates more or fewer batches from some epochs on.",
      required: ["scheduling"]
    ) { GradientAccumulationScheduler($0) },
    callback(ThroughputMonitor.Options.self, "Logs batches and samples a second.") {
      ThroughputMonitor($0)
    },
    callback(
      NoOptions.self, "Logs how busy the machine is.", ignored: ["cpu_stats": nil]
    ) { _ in DeviceStatsMonitor() },
    callback(SpikeDetection.Options.self, "Lists the batches whose losses are spikes.", path: nil) {
      SpikeDetection($0)
    },
    callback(NaNGuardOptions.self, "Finds where NaN begins, and stops.", path: nil) {
      NaNGuard($0.action, patience: $0.patience)
    },
    callback(GradientNormOptions.self, "Logs the norms of gradients.", path: nil) {
      GradientNorms(order: $0.order, perParameter: $0.perParameter)
    },
    callback(HistogramOptions.self, "Logs histograms of weights and gradients.", path: nil) {
      WeightHistograms(everyNEpochs: $0.everyNEpochs, gradients: $0.gradients)
    },
  ]

  private static func callback<Options: HyperparameterSet, Object: Callback>(
    _ options: Options.Type, _ about: String, path: String? = "lightning.pytorch.callbacks",
    aliases: [String] = [], required: Set<String> = [], ignored: [String: [ConfigValue]?] = [:],
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry {
    entry(
      Callback.self, options, path: path,
      aliases: aliases.flatMap { [$0, "lightning.pytorch.callbacks.\($0)"] }, about: about,
      required: required, ignored: ignored, make)
  }

  private struct NaNGuardOptions: HyperparameterSet {
    var action = NaNGuard.Action.stop
    var patience = 10
    func validate() throws { try require("patience", patience, atLeast: 1) }
    static let help = [
      "action": "Whether to stop the training, skip the step, or go on.",
      "patience": "The steps in a row that may be skipped.",
    ]
  }

  private struct GradientNormOptions: HyperparameterSet {
    var order = 2.0
    var perParameter = true
    static let help = [
      "order": "The order of the norm.", "per_parameter": "Whether each parameter has its own.",
    ]
  }

  private struct HistogramOptions: HyperparameterSet {
    var everyNEpochs = 1
    var gradients = true
    func validate() throws { try require("every_n_epochs", everyNEpochs, atLeast: 1) }
    static let help = [
      "every_n_epochs": "The epochs from one histogram to the next.",
      "gradients": "Whether gradients have histograms, too.",
    ]
  }
}

public import LevinConfiguration
public import LevinNN
public import LevinOptimizers
internal import LevinTensor

/// Averages the weights at the starts of a training's last epochs, with a constant learning rate, and puts the averages into
/// the module at the end (Izmailov and others 2018).
///
///     StochasticWeightAveraging(rates: [1e-2])
///
/// When the averaging begins, a ``SWALR`` takes the place of the training's scheduler. At the end the statistics of batch
/// normalization are computed anew, in one pass over the training batches without gradients.
public final class StochasticWeightAveraging: TypedCallback<StochasticWeightAveraging.Options> {
  /// The options of ``StochasticWeightAveraging``.
  public struct Options: HyperparameterSet {
    /// The constant learning rate: one for all groups, or one a group (Lightning's `swa_lrs`).
    public var rates: [Double] = []
    /// The epoch from whose start weights are averaged: a number from 1 on, or a fraction of the trainer's `maxEpochs`.
    public var epochStart: BatchLimit = 0.8
    /// The epochs in which the learning rate moves to the constant one.
    public var annealingEpochs = 10
    /// The shape of the curve towards it.
    public var annealingStrategy = OneCycleLR.Annealing.cos

    /// Creates options with their defaults; a rate is needed.
    public init() {}

    private enum CodingKeys: String, CodingKey {
      case rates = "swaLrs"
      case epochStart = "swaEpochStart"
      case annealingEpochs, annealingStrategy
    }

    /// Throws ``ConfigError`` if there is no rate, or if a value is out of range.
    public func validate() throws {
      guard !rates.isEmpty, rates.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw ConfigError(
          "swa_lrs: found \(rates); expected a rate above 0, or one a group", key: "swa_lrs")
      }
      let isPossible =
        switch epochStart {
        case .count(let epoch): epoch >= 1
        case .fraction(let part): (0...1).contains(part)
        }
      guard isPossible else {
        throw ConfigError(
          "swa_epoch_start: found \(epochStart); expected an epoch, 1 or more, or a fraction from 0.0 to 1.0",
          key: "swa_epoch_start")
      }
      try require("annealing_epochs", annealingEpochs, atLeast: 0)
    }

    /// A sentence about each option.
    public static let help = [
      "swa_lrs": "The constant rate: one for all groups, or one a group.",
      "swa_epoch_start":
        "The epoch from which to average: a number from 1 on, or a fraction of max_epochs.",
      "annealing_epochs": "The epochs in which the rate moves to the constant one.",
      "annealing_strategy": "The way to it.",
    ]
  }

  /// The averages; nil before they begin.
  public private(set) var averagedModel: AveragedModel?
  private var scheduler: SWALR?

  /// Creates a callback with these options.
  ///
  /// Traps if an option is out of range.
  public convenience init(
    rates: [Double], epochStart: BatchLimit = 0.8, annealingEpochs: Int = 10,
    annealingStrategy: OneCycleLR.Annealing = .cos
  ) {
    var options = Options()
    (options.rates, options.epochStart) = (rates, epochStart)
    (options.annealingEpochs, options.annealingStrategy) = (annealingEpochs, annealingStrategy)
    self.init(options)
  }

  /// The number of states in the averages.
  public var averagedCount: Int { averagedModel?.count ?? 0 }

  /// The first epoch, from 0, at whose start weights are averaged.
  private func firstEpoch(_ trainer: Trainer) -> Int {
    switch options.epochStart {
    case .count(let epoch): epoch - 1
    case .fraction(let part):
      max(Int(Double(trainer.configuration.epochLimit ?? 0) * part) - 1, 0)
    }
  }

  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard trainer.optimizers.count == 1, trainer.schedulers.count <= 1 else {
      throw TrainerError.configuration(
        key: "callbacks",
        found: "StochasticWeightAveraging with \(trainer.optimizers.count) optimizers and "
          + "\(trainer.schedulers.count) schedulers",
        expected: "one optimizer, and at most one scheduler")
    }
    if case .fraction = options.epochStart, trainer.configuration.epochLimit == nil {
      throw TrainerError.configuration(
        key: "callbacks",
        found: "StochasticWeightAveraging from \(options.epochStart) of all epochs",
        expected: "a number of epochs in max_epochs, or the number of an epoch in swa_epoch_start")
    }
    // The checkpoint that is about to be restored has the state of this scheduler.
    if averagedModel != nil { replaceScheduler(trainer) }
  }

  private func replaceScheduler(_ trainer: Trainer) {
    guard let optimizer = trainer.optimizers.first else { return }
    let made = SWALR(
      optimizer,
      .init(
        averagingRates: options.rates, annealEpochs: options.annealingEpochs,
        annealStrategy: options.annealingStrategy))
    scheduler = made
    trainer.schedulers = [made]
  }

  public override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    let epoch = trainer.currentEpoch
    guard epoch >= firstEpoch(trainer) else { return }
    if scheduler == nil {
      if let old = trainer.schedulers.first {
        trainer.note(
          "From epoch \(epoch) on, SWALR sets the learning rate instead of \(type(of: old)).")
      }
      replaceScheduler(trainer)
    }
    let average = averagedModel ?? AveragedModel(module)
    average.update(module)
    averagedModel = average
  }

  public override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard let averagedModel, averagedModel.count > 0 else { return }
    let averages = Dictionary(averagedModel.stateDictionary.map { ($0.name, $0.tensor) }) { $1 }
    // Buffers stay those of the training.
    for (name, parameter) in module.namedParameters {
      if let average = averages["module.\(name)"] { parameter.assign(average) }
    }
    try trainer.activeFit?.recomputeStatistics()
  }

  // MARK: Checkpoints

  private static let averages = "swa."

  public override func onSaveCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: inout Checkpoint
  ) {
    guard let averagedModel, checkpoint.resumePoint != nil else { return }
    for (name, tensor) in averagedModel.stateDictionary {
      checkpoint.tensors[Self.averages + name] = tensor
    }
  }

  public override func onLoadCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: Checkpoint
  ) throws {
    guard trainer.stage == .fit else { return }
    var saved: [String: Tensor] = [:]
    for (name, tensor) in checkpoint.tensors where name.hasPrefix(Self.averages) {
      saved[String(name.dropFirst(Self.averages.count))] = tensor
    }
    guard !saved.isEmpty else { return }
    let average = AveragedModel(module)
    try average.loadState(saved)
    averagedModel = average
  }
}

internal import LevinConfiguration
internal import LevinOptimizers
internal import LevinTrainer

extension BuiltInClasses {
  static let schedulers: [ClassEntry] = [
    scheduler(
      StepLR.Options.self, "Multiplies the rate every step_size steps.", required: ["step_size"]
    ) { StepLR($0, $1) },
    scheduler(
      MultiStepLR.Options.self, "Multiplies the rate at milestones.", required: ["milestones"]
    ) { MultiStepLR($0, $1) },
    scheduler(
      ExponentialLR.Options.self, "Multiplies the rate in every step.", required: ["gamma"]
    ) { ExponentialLR($0, $1) },
    scheduler(
      CosineAnnealingLR.Options.self, "Half a cosine to eta_min, and back.",
      ["t_max": "T_max"], required: ["T_max"]
    ) { CosineAnnealingLR($0, $1) },
    scheduler(
      CosineAnnealingWarmRestarts.Options.self, "Half a cosine to eta_min, then anew.",
      ["t0": "T_0", "t_mult": "T_mult"], required: ["T_0"]
    ) { CosineAnnealingWarmRestarts($0, $1) },
    scheduler(ConstantLR.Options.self, "A part of the rate, then all of it.") {
      ConstantLR($0, $1)
    },
    scheduler(LinearLR.Options.self, "A straight line between two factors.") { LinearLR($0, $1) },
    scheduler(PolynomialLR.Options.self, "A polynomial down to 0.") { PolynomialLR($0, $1) },
    scheduler(
      CyclicLR.Options.self, "Up and down between two rates.",
      ["base_rates": "base_lr", "max_rates": "max_lr"], required: ["base_lr", "max_lr"],
      ignored: ["scale_fn": [.null], "scale_mode": [.string("cycle")]]
    ) { CyclicLR($0, $1) },
    oneCycle, plateau,
    ClassEntry(
      base: ClassEntry.base(of: LearningRateScheduler.self), name: "SWALR",
      path: "torch.optim.swa_utils.SWALR", about: "A curve to the constant rate of averaging.",
      options: SWALR.Options.self, names: ["averaging_rates": "swa_lr"], required: ["swa_lr"],
      ignored: unused,
      make: { options in SchedulerMaker { optimizer, _ in SWALR(optimizer, options) } }
    ),
  ]

  private static let unused: [String: [ConfigValue]?] = [
    "last_epoch": [.integer(-1)], "verbose": nil,
  ]

  private static func scheduler<Options: HyperparameterSet, Object: LearningRateScheduler>(
    _ options: Options.Type, _ about: String, _ names: [String: String] = [:],
    required: Set<String> = [], ignored: [String: [ConfigValue]?] = [:],
    _ make: @escaping @Sendable (Optimizer, Options) -> Object
  ) -> ClassEntry {
    ClassEntry(
      base: ClassEntry.base(of: LearningRateScheduler.self), name: "\(Object.self)",
      path: "torch.optim.lr_scheduler.\(Object.self)", about: about, options: options,
      names: names, required: required, ignored: unused.merging(ignored) { $1 },
      make: { options in SchedulerMaker { optimizer, _ in make(optimizer, options) } })
  }

  // MARK: Those that need to know more

  /// The options of ``OneCycleLR``; without a number of steps it has those of the training.
  private struct OneCycleOptions: HyperparameterSet {
    var maxLr = [1e-2]
    var totalSteps: Int?
    var pctStart = 0.3
    var annealStrategy = OneCycleLR.Annealing.cos
    var cycleMomentum = true
    var baseMomentum = [0.85]
    var maxMomentum = [0.95]
    var divFactor = 25.0
    var finalDivFactor = 1e4
    var threePhase = false

    static let help = OneCycleLR.Options.help.merging([
      "max_lr": "The greatest rate: one for all groups, or one a group.",
      "total_steps": "The steps of the whole cycle; null: those of the training.",
    ]) { $1 }

    func options(steps: Int) -> OneCycleLR.Options {
      .init(
        maxRates: maxLr, totalSteps: totalSteps ?? steps, pctStart: pctStart,
        annealStrategy: annealStrategy, cycleMomentum: cycleMomentum, baseMomentum: baseMomentum,
        maxMomentum: maxMomentum, divFactor: divFactor, finalDivFactor: finalDivFactor,
        threePhase: threePhase)
    }
    func validate() throws { try options(steps: 1).validate() }
  }

  private static let oneCycle = ClassEntry(
    base: ClassEntry.base(of: LearningRateScheduler.self), name: "OneCycleLR",
    path: "torch.optim.lr_scheduler.OneCycleLR",
    about: "Up to a rate and down again, over the steps of the training.",
    options: OneCycleOptions.self, required: ["max_lr"],
    ignored: unused.merging(["epochs": [.null], "steps_per_epoch": [.null]]) { $1 },
    make: { options in
      SchedulerMaker { optimizer, steps in
        guard let steps = options.totalSteps ?? steps else { throw TrainerError.unknownSteps }
        return OneCycleLR(optimizer, options.options(steps: steps))
      }
    })

  /// The options of ``ReduceLROnPlateau``, and the metric that it follows.
  private struct PlateauOptions: HyperparameterSet {
    var monitor = ""
    var mode = ReduceLROnPlateau.Mode.min
    var factor = 0.1
    var patience = 10
    var threshold = 1e-4
    var thresholdMode = ReduceLROnPlateau.ThresholdMode.rel
    var cooldown = 0
    var minLr = [0.0]
    var eps = 1e-8

    static let help = ReduceLROnPlateau.Options.help.merging([
      "monitor": "The name of the metric.",
      "min_lr": "The least rate: one for all groups, or one a group.",
      "eps": "Smaller changes are not made.",
    ]) { $1 }

    var options: ReduceLROnPlateau.Options {
      .init(
        mode: mode, factor: factor, patience: patience, threshold: threshold,
        thresholdMode: thresholdMode, cooldown: cooldown, minRates: minLr, epsilon: eps)
    }
    func validate() throws { try options.validate() }
  }

  private static let plateau = ClassEntry(
    base: ClassEntry.base(of: LearningRateScheduler.self), name: "ReduceLROnPlateau",
    path: "lightning.pytorch.cli.ReduceLROnPlateau",
    aliases: ["torch.optim.lr_scheduler.ReduceLROnPlateau"],
    about: "Lowers the rate when a metric has not improved for a while.",
    options: PlateauOptions.self, required: ["monitor"], ignored: unused,
    make: { options in
      SchedulerMaker { optimizer, _ in
        ReduceLROnPlateau(optimizer, options.options, monitor: options.monitor)
      }
    })
}

public import LevinNN

// What PyTorch Lightning 1.x had and 2.x removed, so that the compiler answers an old tutorial. The names are in
// docs/coming-from-lightning.md.

/// The hooks of Lightning 1.x that are gone, as the superclass of ``LightningModuleBase``: only a method of a class can
/// answer an `override`.
open class RemovedHooks: Module {
  @available(*, unavailable, renamed: "onTrainEpochStart()")
  open func onEpochStart() throws {}
  @available(*, unavailable, renamed: "onTrainEpochEnd()")
  open func onEpochEnd() throws {}
  @available(*, unavailable, renamed: "onFitStart()")
  open func onPretrainRoutineStart() throws {}
  @available(*, unavailable, renamed: "onFitStart()")
  open func onPretrainRoutineEnd() throws {}
  @available(
    *, unavailable,
    message: "override onTrainBatchStart(_:batchIndex:)"
  )
  open func onBatchStart() throws {}
  @available(
    *, unavailable,
    message: "override onTrainBatchEnd(_:_:batchIndex:)"
  )
  open func onBatchEnd() throws {}
  @available(
    *, unavailable,
    message: "keep what you need in a property in onTrainBatchEnd, and override onTrainEpochEnd()"
  )
  open func trainingEpochEnd() throws {}
  @available(
    *, unavailable,
    message: "keep what you need in a property in onTrainBatchEnd, and override onTrainEpochEnd()"
  )
  open func trainingEpochEnd(_ outputs: [Any]) throws {}
  @available(
    *, unavailable,
    message:
      "return the outputs from validationStep, and override onValidationEpochEnd() to read outputs(as:)"
  )
  open func validationEpochEnd() throws {}
  @available(
    *, unavailable,
    message:
      "return the outputs from validationStep, and override onValidationEpochEnd() to read outputs(as:)"
  )
  open func validationEpochEnd(_ outputs: [Any]) throws {}
  @available(
    *, unavailable,
    message: "return the outputs from testStep, and override onTestEpochEnd() to read outputs(as:)"
  )
  open func testEpochEnd() throws {}
  @available(
    *, unavailable,
    message: "return the outputs from testStep, and override onTestEpochEnd() to read outputs(as:)"
  )
  open func testEpochEnd(_ outputs: [Any]) throws {}
  @available(
    *, unavailable,
    message: "move its code to the end of trainingStep: a step has its whole batch"
  )
  open func trainingStepEnd(_ outputs: Any) throws {}
  @available(
    *, unavailable,
    message: "move its code to the end of validationStep: a step has its whole batch"
  )
  open func validationStepEnd(_ outputs: Any) throws {}
  @available(
    *, unavailable,
    message: "move its code to the end of testStep: a step has its whole batch"
  )
  open func testStepEnd(_ outputs: Any) throws {}
}

/// The hooks of Lightning 1.x that are gone, as the superclass of ``Callback``.
open class RemovedCallbackHooks {
  init() {}
  @available(*, unavailable, renamed: "setup(_:_:stage:)")
  open func onInitStart(_ trainer: Trainer) throws {}
  @available(*, unavailable, renamed: "setup(_:_:stage:)")
  open func onInitEnd(_ trainer: Trainer) throws {}
  @available(*, unavailable, renamed: "onTrainEpochStart(_:_:)")
  open func onEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  @available(*, unavailable, renamed: "onTrainEpochEnd(_:_:)")
  open func onEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  @available(
    *, unavailable,
    message: "override onTrainBatchStart(_:_:_:)"
  )
  open func onBatchStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  @available(
    *, unavailable,
    message: "override onTrainBatchEnd(_:_:_:)"
  )
  open func onBatchEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  @available(*, unavailable, renamed: "onFitStart(_:_:)")
  open func onPretrainRoutineStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  @available(*, unavailable, renamed: "onFitStart(_:_:)")
  open func onPretrainRoutineEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  @available(*, unavailable, renamed: "setup(_:_:stage:)")
  open func onBeforeAcceleratorBackendSetup(_ trainer: Trainer, _ module: LightningModuleBase)
    throws
  {}
  @available(*, unavailable, renamed: "setup(_:_:stage:)")
  open func onConfigureShardedModel(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
  @available(
    *, unavailable,
    message: "override onException(_:_:_:), which gets the interruption too"
  )
  open func onKeyboardInterrupt(_ trainer: Trainer, _ module: LightningModuleBase) throws {}
}

extension Trainer {
  /// Lightning 1's `checkpoint_callback`.
  @available(
    *, unavailable,
    message: "set enableCheckpointing: Trainer { $0.enableCheckpointing = false }"
  )
  public convenience init(
    maxEpochs: Int? = nil, checkpointCallback: Bool, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `weights_summary`.
  @available(
    *, unavailable,
    message: "set enableModelSummary: Trainer { $0.enableModelSummary = false }"
  )
  public convenience init(
    maxEpochs: Int? = nil, weightsSummary: String?, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `progress_bar_refresh_rate`.
  @available(
    *, unavailable,
    message: "set enableProgressBar: Trainer { $0.enableProgressBar = false }"
  )
  public convenience init(
    maxEpochs: Int? = nil, progressBarRefreshRate: Int, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `terminate_on_nan`.
  @available(
    *, unavailable,
    message: "set detectAnomaly: Trainer { $0.detectAnomaly = true }"
  )
  public convenience init(
    maxEpochs: Int? = nil, terminateOnNan: Bool, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `resume_from_checkpoint`.
  @available(
    *, unavailable,
    message: "give the path to fit: trainer.fit(model, checkpointPath: path)"
  )
  public convenience init(
    maxEpochs: Int? = nil, resumeFromCheckpoint: String?, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `weights_save_path`.
  @available(
    *, unavailable,
    message: "give the folder to the callback: ModelCheckpoint(directory: path)"
  )
  public convenience init(
    maxEpochs: Int? = nil, weightsSavePath: String?, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `truncated_bptt_steps`.
  @available(
    *, unavailable,
    message:
      "set automaticOptimization to false, and step after each part of the sequence in trainingStep"
  )
  public convenience init(
    maxEpochs: Int? = nil, truncatedBpttSteps: Int, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `multiple_trainloader_mode`.
  @available(
    *, unavailable,
    message: "give the mode to the loader: CombinedLoader(loaders, mode: .minSize)"
  )
  public convenience init(
    maxEpochs: Int? = nil, multipleTrainloaderMode: String, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `gpus`.
  @available(
    *, unavailable,
    message: "Levin trains on the CPU: leave it out"
  )
  public convenience init(
    maxEpochs: Int? = nil, gpus: Any?, callbacks: [Callback] = [], logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `tpu_cores`.
  @available(
    *, unavailable,
    message: "Levin trains on the CPU: leave it out"
  )
  public convenience init(
    maxEpochs: Int? = nil, tpuCores: Any?, callbacks: [Callback] = [], logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `num_processes`.
  @available(
    *, unavailable,
    message: "Levin trains in one process: leave it out"
  )
  public convenience init(
    maxEpochs: Int? = nil, numProcesses: Int, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `auto_lr_find`.
  @available(
    *, unavailable,
    message: "give the trainer the callback LearningRateFinder()"
  )
  public convenience init(
    maxEpochs: Int? = nil, autoLrFind: Bool, callbacks: [Callback] = [], logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `auto_scale_batch_size`.
  @available(
    *, unavailable,
    message: "give the trainer the callback BatchSizeFinder()"
  )
  public convenience init(
    maxEpochs: Int? = nil, autoScaleBatchSize: Any?, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `stochastic_weight_avg`.
  @available(
    *, unavailable,
    message: "give the trainer the callback StochasticWeightAveraging(rates: [0.01])"
  )
  public convenience init(
    maxEpochs: Int? = nil, stochasticWeightAvg: Bool, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
  /// Lightning 1's `track_grad_norm`.
  @available(
    *, unavailable,
    message: "log gradientNorm(parameters) in onBeforeOptimizerStep(_:)"
  )
  public convenience init(
    maxEpochs: Int? = nil, trackGradNorm: Any?, callbacks: [Callback] = [],
    logger: (any Logger)? = nil
  ) { self.init(TrainerConfiguration()) }
}

internal import LevinConfiguration
internal import LevinTensor
public import LevinTrainer

/// A command line for a model and its data (Lightning's `LightningCLI`).
///
///     await LightningCLI(MyModule.self, MyDataModule.self).main()
///
/// The program has `fit`, `validate`, `test` and `predict` with Lightning's dotted options and YAML files, `export` for
/// the model of a checkpoint, and the commands that show and compare runs. Every stored property of a ``HyperparameterSet`` is an option; `--optimizer`,
/// `--lr_scheduler`, `--trainer.callbacks` and `--trainer.logger` choose classes of ``ClassRegistry``.
public struct LightningCLI<Model: LightningModuleBase, Data: AnyObject> {
  /// The values of trainer options that nothing sets.
  var trainerDefaults: TrainerConfiguration
  /// A sentence or two about the model and the data, for help.
  var about: String
  let model: Part<Model>
  let data: Part<Data>?
  /// The models that checkpoints of the program may be of.
  let savedModels: [SavedModel]
  /// Runs a command with the checkpoint's path; returns predictions.
  let execute:
    (TrainingCommand, Trainer, Model, Data?, _ checkpointPath: String?) async throws -> [Tensor]
  /// What a training would do.
  let training: (Trainer, Model, Data?, _ checkpointPath: String?) throws -> TrainingPlan
  var settings = Settings()

  private init<Batch>(
    model: Part<Model>, data: Part<Data>?, savedModels: [SavedModel],
    trainerDefaults: TrainerConfiguration, about: String, batch: Batch.Type
  ) where Model: LightningModule<Batch>, Data: LightningDataModule<Batch> {
    (self.model, self.data, self.about) = (model, data, about)
    (self.savedModels, self.trainerDefaults) = (savedModels, trainerDefaults)
    execute = Self.executing(batch)
    training = { try $0.plan($1, dataModule: $2, checkpointPath: $3) }
  }

  /// A command line for one model and its data.
  ///
  /// - Parameters:
  ///   - trainerDefaults: The values of trainer options that nothing sets.
  ///   - about: A sentence or two about the model and the data, for `--help`.
  public init<Batch>(
    _ model: Model.Type, _ data: Data.Type, trainerDefaults: TrainerConfiguration = .init(),
    about: String = ""
  )
  where
    Model: LightningModule<Batch> & Configurable, Data: LightningDataModule<Batch> & Configurable
  {
    self.init(
      model: .fixed(model, "model"), data: .fixed(data, "data"), savedModels: [.of(model)],
      trainerDefaults: trainerDefaults, about: about, batch: Batch.self)
  }

  /// A command line for a model that has its own loaders.
  public init<Batch>(
    _ model: Model.Type, trainerDefaults: TrainerConfiguration = .init(), about: String = ""
  )
  where Model: LightningModule<Batch> & Configurable, Data == LightningDataModule<Batch> {
    self.init(
      model: .fixed(model, "model"), data: nil, savedModels: [.of(model)],
      trainerDefaults: trainerDefaults, about: about, batch: Batch.self)
  }

  /// A command line that chooses among models and data by name: `--model DenseNetModule --model.depth 121`.
  ///
  /// All of them have batches of one type. Without data modules, the models have their own loaders.
  public init<Batch>(
    models: [any (LightningModule<Batch> & Configurable).Type],
    data: [any (LightningDataModule<Batch> & Configurable).Type],
    trainerDefaults: TrainerConfiguration = .init(), about: String = ""
  )
  where Model == LightningModule<Batch>, Data == LightningDataModule<Batch> {
    self.init(
      model: .chosen(models.map { ClassEntry.part($0, of: Model.self) }, "model"),
      data: data.isEmpty
        ? nil
        : .chosen(
          data.map {
            ClassEntry.part($0, of: Data.self, ignoring: LightningKey.loaderArguments)
          }, "data"),
      savedModels: models.map { .of($0) }, trainerDefaults: trainerDefaults, about: about,
      batch: Batch.self)
  }

  private static func executing<Batch>(
    _ batch: Batch.Type
  ) -> (TrainingCommand, Trainer, Model, Data?, String?) async throws -> [Tensor]
  where Model: LightningModule<Batch>, Data: LightningDataModule<Batch> {
    { command, trainer, model, data, path in
      switch command {
      case .fit: try await trainer.fit(model, dataModule: data, checkpointPath: path)
      case .validate: try await trainer.validate(model, dataModule: data, checkpointPath: path)
      case .test: try await trainer.test(model, dataModule: data, checkpointPath: path)
      case .predict:
        return try await trainer.predict(model, dataModule: data, checkpointPath: path)
      case .prepare:
        try await model.prepareData()
        try await data?.prepareData()
        try data?.setup(stage: .fit)
        try data?.setup(stage: .test)
      }
      return []
    }
  }
}

extension ClassEntry {
  /// A module or a data module among several, and arguments that are ignored unless it has them.
  fileprivate static func part<Object: Configurable, Base>(
    _ type: Object.Type, of base: Base.Type, ignoring arguments: [String] = []
  ) -> ClassEntry {
    let own = ConfigSchema(of: Object.Hyperparameters.self)
    let others = arguments.filter { own.field($0) == nil }
    return ClassEntry(
      base: self.base(of: base), name: "\(Object.self)", options: Object.Hyperparameters.self,
      ignored: Dictionary(uniqueKeysWithValues: others.map { ($0, [ConfigValue]?.none) })
    ) { Object($0) }
  }
}

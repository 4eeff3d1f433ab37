internal import LevinConfiguration
internal import ArgumentParser
internal import LevinSystem
internal import LevinTensor
public import LevinTrainer
internal import Synchronization

/// A command line for a model and its data.
///
/// It has `fit`, `validate`, `test` and `predict` with Lightning's dotted options, and the commands that show and
/// compare runs.
public struct LightningCLI<Batch, Model, Data>
where
  Model: LightningModule<Batch> & Configurable, Data: LightningDataModule<Batch> & Configurable
{
  private let trainerDefaults: TrainerConfiguration
  private let about: String

  /// - Parameters:
  ///   - trainerDefaults: The values of trainer options that the arguments do not set.
  ///   - about: A sentence or two about the model and the data, for `--help`.
  public init(
    model: Model.Type, data: Data.Type, trainerDefaults: TrainerConfiguration = .init(),
    about: String = ""
  ) { (self.trainerDefaults, self.about) = (trainerDefaults, about) }

  /// Parses `arguments` (by default the process's own) and runs.
  ///
  /// Ends the process with status 1 if a run fails, with 2 if the arguments are wrong, or with an interruption's status.
  public func main(_ arguments: [String]? = nil) async {
    let arguments = arguments ?? Program.arguments()
    if let word = arguments.first, let stage = TrainingCommand(rawValue: word) {
      await run(stage, Array(arguments.dropFirst()))
    } else {
      if arguments.first?.hasPrefix("--generate-completion-script") == true {
        TrainingHelps.options.withLock { $0 = TrainingCommand.allCases.map(options) }
      }
      await RootCommand.start(arguments) { await run($0, ["--help"]) }
    }
  }

  func options(_ command: TrainingCommand) -> OptionTree {
    OptionTree(
      command: command, trainer: ConfigSchema(values: trainerDefaults),
      model: ConfigSchema(of: Model.Hyperparameters.self),
      data: ConfigSchema(of: Data.Hyperparameters.self),
      help: [
        "trainer": TrainerConfiguration.help, "model": Model.Hyperparameters.help,
        "data": Data.Hyperparameters.help,
      ],
      types: ["model": "\(Model.self)", "data": "\(Data.self)"], about: about)
  }

  private func run(_ command: TrainingCommand, _ arguments: [String]) async {
    let options = options(command)
    var parsed = options.parse(arguments)
    if parsed.wantsHelp {
      await Program.run { try Output.page([options.helpText(columns: Terminal.width)]) }
      return
    }
    if parsed.wantsVersion {
      return await Program.run { try Output.page([LevinVersion.current]) }
    }
    guard let setup = Setup(options, &parsed) else { fail(parsed.errors, command) }
    parsed.notes.forEach(Output.printError)
    do {
      if parsed.wantsConfig {
        let yaml = try parsed.tree.yaml()
        return await Program.run { try Output.data(yaml) }
      }
      await Program.run { try await setup.run(command, parsed) }
    } catch {
      fail(["\(error)"], command)
    }
  }

  private func fail(_ errors: [String], _ command: TrainingCommand) -> Never {
    let lines = errors.map { "error: \($0)" }
    Output.printError(
      lines.joined(separator: "\n")
        + "\nSee \(Program.name) \(command.rawValue) --help for the options.")
    CurrentProcess.exit(2)
  }

  /// The hyperparameters of a run.
  private struct Setup {
    let trainer: TrainerConfiguration
    let model: Model.Hyperparameters
    let data: Data.Hyperparameters

    /// Returns nil if anything is wrong; `parsed.errors` then has all mistakes.
    init?(_ options: OptionTree, _ parsed: inout ParsedOptions) {
      let trainer = parsed.values(TrainerConfiguration.self, of: "trainer", options.schema)
      let model = parsed.values(Model.Hyperparameters.self, of: "model", options.schema)
      let data = parsed.values(Data.Hyperparameters.self, of: "data", options.schema)
      guard parsed.errors.isEmpty, let trainer, let model, let data else { return nil }
      (self.trainer, self.model, self.data) = (trainer, model, data)
    }

    func run(_ command: TrainingCommand, _ parsed: ParsedOptions) async throws {
      // Standard output is reserved for the predictions.
      if command == .predict { Terminal.sendNotesToStandardError() }
      if let seed = parsed.seed { parsed.applySeed(seed) }
      if command == .prepare { return try await prepare() }
      let model = Model(model)
      let data = Data(data)
      let trainer = Trainer(trainer)
      trainer.configurationText = try parsed.configuration(seed: Generator.default.initialSeed)
        .yaml()
      trainer.noteWithoutCheckpoint =
        "No --ckpt_path given: the weights are untrained. --ckpt_path last uses those of the newest training."
      trainer.commandToResume = { path in parsed.commandToResume(from: path) }
      switch command {
      case .fit:
        try await trainer.fit(model, dataModule: data, checkpointPath: parsed.checkpointPath)
      case .validate:
        try await trainer.validate(model, dataModule: data, checkpointPath: parsed.checkpointPath)
      case .test:
        try await trainer.test(model, dataModule: data, checkpointPath: parsed.checkpointPath)
      case .predict:
        let outputs = try await trainer.predict(
          model, dataModule: data, checkpointPath: parsed.checkpointPath)
        try Predictions(outputs: outputs).write(parsed.predictions, Output.data)
      case .prepare: break
      }
    }

    private func prepare() async throws {
      let data = Data(data)
      try await data.prepareData()
      try data.setup(stage: .fit)
      try data.setup(stage: .test)
    }
  }
}

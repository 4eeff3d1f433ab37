internal import ArgumentParser
internal import Foundation
public import LevinTrainer

/// A command line for a model and its data: `fit`, `validate`, `test` and `predict` with dotted options in Lightning's
/// words, and the commands that look at runs.
public struct LightningCLI<Batch, Model, Data>
where
  Model: LightningModule<Batch> & Configurable, Data: LightningDataModule<Batch> & Configurable
{
  private let trainerDefaults: TrainerConfiguration

  /// - Parameter trainerDefaults: What the trainer does where no option says otherwise.
  public init(
    model: Model.Type, data: Data.Type, trainerDefaults: TrainerConfiguration = .init()
  ) { self.trainerDefaults = trainerDefaults }

  /// Parses `arguments` (the process's own, if none are given) and runs; ends the process with 0, with 1 where a run
  /// fails, with 2 where the arguments are wrong, or with an interruption's status.
  public func main(_ arguments: [String]? = nil) async {
    let arguments = arguments ?? Array(CommandLine.arguments.dropFirst())
    if let word = arguments.first, let stage = TrainingCommand(rawValue: word) {
      await run(stage, Array(arguments.dropFirst()))
    } else {
      await RootCommand.start(arguments) { await run($0, ["--help"]) }
    }
  }

  private func run(_ command: TrainingCommand, _ arguments: [String]) async {
    let options = OptionTree(
      command: command, trainer: ConfigSchema(values: trainerDefaults),
      model: ConfigSchema(of: Model.Hyperparameters.self),
      data: ConfigSchema(of: Data.Hyperparameters.self),
      help: [
        "trainer": TrainerConfiguration.help, "model": Model.Hyperparameters.help,
        "data": Data.Hyperparameters.help,
      ])
    let parsed: ParsedOptions
    do {
      parsed = try options.parse(arguments)
    } catch {
      fail(error, command)
    }
    if parsed.wantsHelp {
      print(options.helpText)
      return
    }
    do {
      let setup = try Setup(parsed)
      if parsed.wantsConfig {
        print(try parsed.tree.yaml(), terminator: "")
        return
      }
      await Program.run { try await setup.run(command, parsed) }
    } catch {
      fail(error, command)
    }
  }

  private func fail(_ error: any Error, _ command: TrainingCommand) -> Never {
    let text = "error: \(error)\nSee levin \(command.rawValue) --help for the options.\n"
    FileHandle.standardError.write(Foundation.Data(text.utf8))
    exit(2)
  }

  /// The hyperparameters that a run is built from.
  private struct Setup {
    let trainer: TrainerConfiguration
    let model: Model.Hyperparameters
    let data: Data.Hyperparameters

    init(_ parsed: ParsedOptions) throws {
      trainer = try TrainerConfiguration(decoding: parsed.tree["trainer"] ?? .object([]))
      model = try Model.Hyperparameters(decoding: parsed.tree["model"] ?? .object([]))
      data = try Data.Hyperparameters(decoding: parsed.tree["data"] ?? .object([]))
      try trainer.validate()
      try model.validate()
      try data.validate()
    }

    func run(_ command: TrainingCommand, _ parsed: ParsedOptions) async throws {
      if let seed = parsed.seed { parsed.applySeed(seed) }
      if command == .prepare { return try await prepare() }
      let model = Model(model)
      let data = Data(data)
      let trainer = Trainer(trainer)
      trainer.configurationText = try parsed.configuration.yaml()
      trainer.noteWithoutCheckpoint =
        "No --ckpt_path is given: these are untrained weights. --ckpt_path last takes those of the newest training."
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
        for output in outputs { print(output) }
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

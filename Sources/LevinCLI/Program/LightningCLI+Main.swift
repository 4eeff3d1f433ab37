internal import ArgumentParser
internal import Foundation
internal import LevinConfiguration
internal import LevinSystem
internal import LevinTensor
internal import LevinTrainer
internal import Synchronization

extension LightningCLI {
  /// Parses `arguments` (by default the process's own) and runs.
  ///
  /// Ends the process with status 1 if a run fails, with 2 if the arguments are wrong, or with an interruption's status.
  public func main(_ arguments: [String]? = nil) async {
    let arguments = Self.commandFirst(arguments ?? Program.arguments())
    let (word, rest) = (arguments.first ?? "", Array(arguments.dropFirst()))
    if let command = TrainingCommand(rawValue: word) { return await run(command, rest) }
    let asksForHelp = word == "help" && rest.count == 1
    let name = asksForHelp ? rest[0] : word
    for command in settings.commands where command.name == name {
      return await command.run(asksForHelp ? ["--help"] : rest)
    }
    if word.hasPrefix("--generate-completion-script") || word == "---completion" {
      TrainingHelps.options.withLock { $0 = TrainingCommand.allCases.map(options) }
    }
    let runs = RunFolder(saveDir: trainerDefaults.defaultRootDir ?? ".").parent
    let more = settings.commands.map { ($0.name, $0.about) }
    await RootCommand.start(arguments, models: savedModels, runs: runs, more: more) {
      await run($0, ["--help"])
    }
  }

  /// Makes the trainer, the model and the data of the options, for a program without commands (Lightning's `run=False`).
  ///
  ///     let cli = await LightningCLI(MyModule.self, MyDataModule.self).objects()
  ///     try await cli.trainer.fit(cli.model, dataModule: cli.data)
  ///
  /// Ends the process with status 2 if the arguments are wrong, and after `--help` or `--print_config`.
  public func objects(_ arguments: [String]? = nil) async -> Objects {
    var tree = options(.fit)
    tree.hasCommands = false
    var parsed = tree.parse(
      arguments ?? Program.arguments(), environment: CurrentProcess.environment)
    if await answered(tree, &parsed) { CurrentProcess.exit(0) }
    guard let plan = plan(&parsed) else { fail(parsed.errors, tree) }
    parsed.notes.forEach(Output.printError)
    if let seed = parsed.seed { parsed.applySeed(seed) }
    do { return try objects(plan) } catch { Program.end(error) }
  }

  /// `-c all.yaml fit` as `fit -c all.yaml`.
  private static func commandFirst(_ arguments: [String]) -> [String] {
    guard ["-c", "--config"].contains(arguments.first),
      let place = arguments.firstIndex(where: { TrainingCommand(rawValue: $0) != nil }),
      place.isMultiple(of: 2)
    else { return arguments }
    return [arguments[place]] + arguments[..<place] + arguments[(place + 1)...]
  }

  private func run(_ command: TrainingCommand, _ arguments: [String]) async {
    let tree = options(command)
    var parsed = tree.parse(arguments, environment: CurrentProcess.environment)
    if await answered(tree, &parsed) { return }
    guard let plan = plan(&parsed) else { fail(parsed.errors, tree) }
    parsed.notes.forEach(Output.printError)
    await Program.run { try await run(command, plan) }
  }

  /// Answers `--help`, `--version` and `--print_config`.
  private func answered(_ tree: OptionTree, _ parsed: inout ParsedOptions) async -> Bool {
    if let topic = parsed.wantsHelp {
      do {
        let text = try tree.helpText(about: topic, columns: Terminal.width)
        await Program.run { try Output.page([Page.help(text)]) }
      } catch {
        fail([ConfigError("\(error)")], tree)
      }
      return true
    }
    if parsed.wantsVersion {
      await Program.run { try Output.page([LevinVersion.current]) }
      return true
    }
    guard let words = parsed.wantsConfig else { return false }
    guard parsed.errors.isEmpty, plan(&parsed) != nil else { fail(parsed.errors, tree) }
    parsed.notes.forEach(Output.printError)
    let printer = ConfigPrinter(tree, words: words)
    await Program.run {
      let text = try printer.text(parsed)
      guard let page = Page.colored else { return try Output.data(text) }
      try Output.page([String(page.config(text).dropLast())])
    }
    return true
  }

  private func fail(_ errors: [ConfigError], _ tree: OptionTree) -> Never {
    let command = tree.hasCommands ? "\(Program.name) \(tree.command.rawValue)" : Program.name
    let report = MistakeReport(
      mistakes: errors, advice: "See \(command) --help for the options.")
    let isTerminal = StandardError.isTerminal
    let page = Page(
      width: nil,
      hasColor: isTerminal && CurrentProcess.environment("NO_COLOR") == nil
        && CurrentProcess.environment("TERM") != "dumb", timeZone: .gmt)
    StandardError.write(
      report.text(columns: isTerminal ? Terminal.width : nil, page: page) + "\n")
    CurrentProcess.exit(2)
  }

  private func run(_ command: TrainingCommand, _ plan: Plan) async throws {
    let parsed = plan.parsed
    // Standard output is reserved for the predictions.
    if command == .predict { Terminal.sendNotesToStandardError() }
    if let seed = parsed.seed { parsed.applySeed(seed) }
    let objects = try objects(plan)
    if parsed.wantsPlan {
      let training = try training(
        objects.trainer, objects.model, objects.data, parsed.checkpointPath)
      let page = Page.current()
      return try Output.page(TrainingPlanPage(training).lines(page))
    }
    objects.trainer.noteWithoutCheckpoint =
      "No --ckpt_path given: the weights are untrained. --ckpt_path last uses those of the newest training."
    for (stage, body) in settings.before where stage.rawValue == command.rawValue {
      try await body(objects)
    }
    let outputs = try await execute(
      command, objects.trainer, objects.model, objects.data, parsed.checkpointPath)
    if command == .predict {
      try Predictions(outputs: outputs).write(parsed.predictions, Output.data)
    }
    for (stage, body) in settings.after where stage.rawValue == command.rawValue {
      try await body(objects)
    }
  }
}

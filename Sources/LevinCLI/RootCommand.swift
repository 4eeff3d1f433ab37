internal import ArgumentParser
internal import LevinTrainer

/// `levin` without one of the training commands: help, version, and the commands that look at runs.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "levin",
    abstract: "Train neural networks, and look at the runs that they leave behind.",
    discussion: "Training commands take dotted options; levin fit --help lists them.",
    version: LevinVersion.current,
    groupedSubcommands: [
      CommandGroup(name: "Training", subcommands: TrainingHelps.all),
      CommandGroup(name: "Run", subcommands: RunCommands.all),
    ])

  func run() throws { throw CleanExit.helpRequest(self) }
}

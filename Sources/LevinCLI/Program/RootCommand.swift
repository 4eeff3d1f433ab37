internal import ArgumentParser
internal import LevinSystem
internal import LevinTrainer

/// The program apart from the training commands: help, version, exporting its models, and the commands that show and
/// compare runs.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Program.name,
    abstract: "Train neural networks, and inspect their runs.",
    discussion: """
      Training commands take dotted options; \(Program.name) fit --help lists them. \(Program.name) \
      --generate-completion-script bash prints what a shell (bash, zsh or fish) needs to complete them.
      """,
    version: LevinVersion.current,
    groupedSubcommands: [
      CommandGroup(name: "Training", subcommands: TrainingHelps.all),
      CommandGroup(name: "Model", subcommands: [ExportCommand.self]),
      CommandGroup(name: "Run", subcommands: RunCommands.all),
    ])

  func run() throws { throw CleanExit.helpRequest(self) }
}

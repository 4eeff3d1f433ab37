public import ArgumentParser

/// The commands about runs: `runs`, `show`, `diff`, `events`, `weights`.
public enum RunCommands {
  /// The commands, for the root command's list of subcommands.
  public static let all: [any ParsableCommand.Type] = [
    RunsCommand.self, ShowCommand.self, DiffCommand.self, EventsCommand.self,
    WeightsCommand.self,
  ]
}

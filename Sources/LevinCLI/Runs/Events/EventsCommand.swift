internal import ArgumentParser

/// `levin events`: the commands about event files.
struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Check, repair and export TensorBoard event files.",
    subcommands: [EventsCheckCommand.self, EventsRepairCommand.self, EventsExportCommand.self])
}

internal import ArgumentParser

/// `levin events`: event files as files.
struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Check, repair and export TensorBoard event files.",
    subcommands: [EventsCheckCommand.self, EventsRepairCommand.self, EventsExportCommand.self])
}

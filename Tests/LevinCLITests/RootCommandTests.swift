import ArgumentParser
import Foundation
import LevinTrainer
import Testing

@testable import LevinCLI

/// `levin` itself: its help, and its reports of mistakes.
@Suite struct RootCommandTests {
  @Test(arguments: [60, 80, 100])
  func help(columns: Int) throws {
    let text = RootCommand.help(columns: columns)
    #expect(text == RootCommand.helpMessage(columns: columns))
    // The test's own program has a longer name than levin.
    for line in text.split(separator: "\n") where !line.contains(Program.name) {
      #expect(line.count <= columns, "\(line)")
    }
    for command in TrainingCommand.allCases {
      #expect(text.contains("\n  " + command.rawValue + " "))
    }
    // Continuation lines are aligned below the first one.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines.firstIndex(of: "TRAINING SUBCOMMANDS:") ?? 0
    let hanging = lines[(start + 1)...].prefix { !$0.isEmpty }
      .filter { line in !TrainingCommand.allCases.contains { line.hasPrefix("  \($0.rawValue) ") } }
    #expect(hanging.isEmpty == (columns == 100))
    #expect(hanging.allSatisfy { $0.hasPrefix(String(repeating: " ", count: 26)) })
  }

  @Test func helpOfATrainingCommand() {
    #expect(RootCommand.commandToExplain(["help", "fit"]) == .fit)
    #expect(RootCommand.commandToExplain(["help", "runs"]) == nil)
    #expect(RootCommand.commandToExplain(["help"]) == nil)
    #expect(RootCommand.commandToExplain(["fit", "--help"]) == nil)
  }

  @Test(arguments: [
    (["fti"], "unknown command 'fti'; did you mean 'fit'?"),
    (["runz", "--json"], "unknown command 'runz'; did you mean 'runs'?"),
    (["version"], "unknown command 'version'; did you mean '--version'?"),
    (["train", "--lr", "1"], "unknown command 'train'; did you mean 'fit'?"),
    (["hlep"], "unknown command 'hlep'; did you mean 'help'?"),
    (["events", "chekc", "x"], "unknown command 'events chekc'; did you mean 'events check'?"),
    (
      ["tensorboard"],
      "unknown command 'tensorboard'; expected one of fit, validate, test, predict, prepare, export, runs, show, diff, events, weights"
    ),
    (["runs", "logs"], nil), (["events", "check", "x"], nil), (["--version"], nil),
    (["help", "runs"], nil), (["events"], nil), ([], nil),
  ])
  func unknownCommand(arguments: [String], message: String?) {
    #expect(RootCommand.unknownCommand(arguments) == message)
  }

  private func failure(_ arguments: String...) -> (text: String, status: Int32) {
    do {
      if let message = RootCommand.unknownCommand(arguments) { throw ValidationError(message) }
      var command = try RootCommand.parseAsRoot(arguments)
      try command.run()
      return ("no error", 0)
    } catch {
      return RootCommand.failure(error)
    }
  }

  /// Mistakes in the arguments end with 2, as in the training commands, and failures with 1.
  @Test func failures() {
    let option = failure("runs", "--josn")
    #expect(option.text.hasPrefix("error: Unknown option '--josn'"))
    #expect(option.text.contains("\nUSAGE: "))
    #expect(option.status == 2)
    let choice = failure("runs", "--json", "--csv")
    #expect(choice.text.hasPrefix("error: choose one of --json and --csv\n"))
    #expect(choice.status == 2)
    let command = failure("fti")
    #expect(command.text.hasPrefix("error: unknown command 'fti'; did you mean 'fit'?\n"))
    #expect(command.status == 2)
    let folder = failure("runs", "/nowhere/at/all")
    #expect(folder.text.hasPrefix("error: there is no folder /nowhere/at/all;"))
    #expect(folder.status == 1)
    // diff decides its exit status itself.
    let diff = RootCommand.failure(ExitCode(2))
    #expect(diff.text.isEmpty && diff.status == 2)
  }

  @Test func helpAndVersionAreNoFailures() {
    #expect(failure("--help").status == 0)
    #expect(failure("runs", "--help").status == 0)
    #expect(failure("help", "diff").status == 0)
    #expect(failure().status == 0)
    #expect(failure("--version").status == 0)
  }
}

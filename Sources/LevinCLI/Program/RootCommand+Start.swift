internal import LevinConfiguration
internal import ArgumentParser
internal import LevinSystem
internal import LevinTrainer

extension RootCommand {
  /// Parses and runs, and ends the process if that fails: with 1 for a failure, with 2 for wrong arguments.
  ///
  /// - Parameters:
  ///   - models: What ``ExportCommand`` can export.
  ///   - runs: The folder of all runs.
  ///   - more: The program's own commands, for help and for mistakes.
  ///   - showHelp: Prints the help of a training command; it knows the options of the model and
  ///     its data.
  static func start(
    _ arguments: [String], models: [SavedModel], runs: String,
    more: [(name: String, about: String)],
    showHelp: (TrainingCommand) async -> Void
  ) async {
    if let command = commandToExplain(arguments) { return await showHelp(command) }
    do {
      if [[], ["--help"], ["-h"], ["help"]].contains(arguments) {
        let text = help(columns: Terminal.width, more: more)
        return try Output.page([Page.help(text)])
      }
      if let message = unknownCommand(arguments, more: more.map(\.name)) {
        throw ValidationError(message)
      }
      var command = try parseAsRoot(arguments)
      if let export = command as? ExportCommand {
        try export.run(models, runs: runs)
      } else {
        try command.run()
      }
      try StandardOutput.finish()
    } catch {
      end(error)
    }
  }

  private static func end(_ error: any Error) -> Never {
    let (text, status) = failure(error)
    // Requests for help, the version or completions are thrown, too.
    if status == 0 {
      let text = text.hasPrefix("OVERVIEW: ") ? Page.help(text) : text
      do { try StandardOutput.write(text + "\n") } catch { end(error) }
    } else if !text.isEmpty {
      Output.printError(text)
    }
    CurrentProcess.exit(status)
  }

  /// The training command that `levin help fit` asks about.
  static func commandToExplain(_ arguments: [String]) -> TrainingCommand? {
    guard arguments.count == 2, arguments[0] == "help" else { return nil }
    return TrainingCommand(rawValue: arguments[1])
  }

  /// The text that an error prints, and the exit status; 0 for requested help.
  static func failure(_ error: any Error) -> (text: String, status: Int32) {
    if let output = error as? OutputError {
      return output.isBrokenPipe ? ("", OutputError.brokenPipeStatus) : ("error: \(output)", 1)
    }
    let code = exitCode(for: error)
    var text = fullMessage(for: error)
    // Errors of the parser begin like those of the training commands.
    if text.hasPrefix("Error: ") { text = "error: " + text.dropFirst(7) }
    text = text.replacing("\nUsage: ", with: "\nUSAGE: ")
    // The parser calls variables of zsh as options are called, which may have dots.
    if text.hasPrefix("#compdef") {
      text = text.replacing(/___[\w.]+/) { $0.output.replacing(".", with: "_") }
    }
    return (text, code == .validationFailure ? 2 : code.rawValue)
  }

  /// The message for an unknown command or subcommand.
  static func unknownCommand(_ arguments: [String], more: [String] = []) -> String? {
    var command: any ParsableCommand.Type = Self.self
    var path: [String] = []
    for word in arguments {
      let below = command.configuration.subcommands
      guard !below.isEmpty, !word.hasPrefix("-"), word != "help" || !path.isEmpty else {
        return nil
      }
      if let next = below.first(where: { $0.configuration.commandName == word }) {
        command = next
        path.append(word)
        continue
      }
      let names =
        below.compactMap { $0.configuration.commandName } + (path.isEmpty ? more : [])
      let nearest =
        path.isEmpty
        ? otherNames[word] ?? KeyName.nearest(to: word, in: names + ["help"])
        : KeyName.nearest(to: word, in: names)
      return "unknown command '\((path + [word]).joined(separator: " "))'; "
        + (nearest.map { "did you mean '\((path + [$0]).joined(separator: " "))'?" }
          ?? "expected one of " + names.joined(separator: ", "))
    }
    return nil
  }

  /// Names that other programs give to commands.
  private static let otherNames = [
    "train": "fit", "resume": "fit", "eval": "validate", "evaluate": "validate", "list": "runs",
    "version": "--version",
  ]
}

extension Program {
  /// What the program is called in its help and in advice: the name of its file.
  public static let name = String(command.split(separator: "/").last ?? "levin")

  /// The program as its user called it: a name, or a path.
  public static var command: String { CommandLine.arguments.first ?? "levin" }

  /// What follows the program's name on the command line.
  ///
  /// Ends the process with status 2 where the system does not tell: arguments that are not seen would be ignored.
  public static func arguments() -> [String] {
    guard !CommandLine.arguments.isEmpty else {
      Platform.printError(
        """
        error: cannot read the command line: Swift finds it in /proc/self/cmdline, and /proc is not there. \
        Mount it: mount -t proc proc /proc
        """)
      Platform.exit(2)
    }
    return Array(CommandLine.arguments.dropFirst())
  }

  /// Runs `body` in a program that takes no arguments.
  ///
  /// `--help` prints `about`, a sentence or more on what the program does, and `--version` the version of Levin. Any
  /// other argument ends the process with status 2. Errors end it as those of ``run(_:)`` do.
  public static func run(about: String, _ body: () async throws -> Void) async {
    switch arguments().first {
    case nil: await run(body)
    case "-h", "--help":
      let overview = HelpText.wrapped("OVERVIEW: " + about, columns: Terminal.width)
      print("\(overview)\nUSAGE: \(name)")
    case "--version": print(LevinVersion.current)
    case let argument?:
      Platform.printError("error: unexpected argument '\(argument)'; \(name) takes none\n\(about)")
      Platform.exit(2)
    }
  }
}

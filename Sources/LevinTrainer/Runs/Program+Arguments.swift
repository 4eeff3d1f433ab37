internal import LevinSystem

extension Program {
  /// The program's name in help and advice: the name of its file.
  public static let name = String(command.split(separator: "/").last ?? "levin")

  /// The program as the user called it: a name or a path.
  public static var command: String { CommandLine.arguments.first ?? "levin" }

  /// The arguments of the command line, without the program's name.
  ///
  /// Ends the process with status 2 if the system does not provide them, rather than ignoring them.
  public static func arguments() -> [String] {
    guard !CommandLine.arguments.isEmpty else {
      Terminal.printError(
        """
        error: cannot read the command line: Swift reads it from /proc/self/cmdline, but /proc is not there. \
        Mount it: mount -t proc proc /proc
        """)
      CurrentProcess.exit(2)
    }
    return Array(CommandLine.arguments.dropFirst())
  }

  /// Runs `body` in a program that takes no arguments.
  ///
  /// `--help` prints `about`, a description of the program, and `--version` prints Levin's version. Any
  /// other argument ends the process with status 2. Errors are handled as by ``run(_:)``.
  public static func run(about: String, _ body: () async throws -> Void) async {
    switch arguments().first {
    case nil: await run(body)
    case "-h", "--help":
      let overview = HelpText.wrapped("OVERVIEW: " + about, columns: Terminal.width)
      await run { print("\(overview)\nUSAGE: \(name)") }
    case "--version": await run { print(LevinVersion.current) }
    case let argument?:
      Terminal.printError("error: unexpected argument '\(argument)'; \(name) takes none\n\(about)")
      CurrentProcess.exit(2)
    }
  }
}

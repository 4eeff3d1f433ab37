internal import ArgumentParser
internal import LevinSystem

/// `levin runs`: lists the runs of a folder in a table.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs of a folder with their metrics.",
    discussion: """
      Runs of Levin, Lightning or any other writer of event files. The best of a metric is the lowest for losses, errors \
      and times, and the highest for everything else; learning rates have no best. A run without a run.json, such as one by Lightning, has the status \
      unknown. One that cannot be read has the status unreadable, and the exit status is 1.
      """)

  @Argument(help: "The folder that holds the runs.", completion: .directory)
  var root = RunPaths.defaultRoot

  @Option(
    help: ArgumentHelp(
      "Sort by a metric (its best value, best first), a hyperparameter, or a column.",
      valueName: "key"))
  var sort: String?

  @Flag(help: "Print JSON with all digits.")
  var json = false

  @Flag(help: "Print comma-separated values.")
  var csv = false

  func validate() throws {
    if json && csv { throw ValidationError("choose one of --json and --csv") }
  }

  func run() throws {
    let output = try text(.current())
    if json || csv {
      try Output.data(output.lines.joined(separator: "\n") + "\n")
    } else {
      try Output.page(output.lines)
    }
    output.problems.forEach(Output.printError)
    if !output.isComplete { throw ExitCode(1) }
  }

  /// Returns the table, what could not be read, and whether all runs could be read.
  func text(_ page: Page) throws -> (lines: [String], problems: [String], isComplete: Bool) {
    let found = try RunPaths.find(under: root)
    guard !found.isEmpty else {
      throw RunsError("\(root) has no runs: there are no event files in it or below it")
    }
    var report = RunsReport(concurrentMap(found) { RunOverview($0) })
    if let sort { try report.sort(by: sort) }
    if json { return ([report.json.pretty()], [], report.isComplete) }
    return (csv ? report.csv : report.table(page), report.problems, report.isComplete)
  }
}

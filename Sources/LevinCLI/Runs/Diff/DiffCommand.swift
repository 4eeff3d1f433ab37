internal import ArgumentParser

/// `levin diff`: what differs between runs.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare runs: settings, curves, texts, pictures, weights.",
    discussion: """
      Each run is compared with the first; a run is a folder, a name below lightning_logs such as version_3, or only its \
      number. The exit status is 0 when the runs are equal, 1 when hyperparameters, scalars, texts, pictures or weights \
      differ, 2 when they could not be compared. Times, hosts and paths are shown and do not count. Works between runs of \
      Levin, Lightning and others.
      """)

  @Argument(help: "Two runs or more.", completion: .directory)
  var names: [String]

  @Flag(help: "Print JSON with all digits.")
  var json = false

  func validate() throws {
    guard names.count >= 2 else { throw ValidationError("give two runs or more") }
  }

  func run() throws {
    let isEqual: Bool
    do {
      let diff = try Self.diff(names)
      print(json ? diff.json.pretty() : diff.lines(.current()).joined(separator: "\n"))
      isEqual = diff.isEqual
    } catch {
      Output.printError("Error: \(error)")
      throw ExitCode(2)
    }
    if !isEqual { throw ExitCode(1) }
  }

  static func diff(_ names: [String]) throws -> RunDiff {
    let folders = try names.map(RunPaths.resolve)
    let titles = folders.map(RunPaths.title)
    // version_0 of two roots: then the whole paths tell them apart.
    let areUnique = Set(titles).count == titles.count
    return try RunDiff(
      zip(folders, titles).map {
        try RunOverview(name: areUnique ? $1 : $0, folder: $0)
      })
  }
}

internal import ArgumentParser
internal import LevinSystem
internal import LevinTrainer

/// `levin diff`: shows how runs differ.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare runs: settings, curves, texts, pictures, weights.",
    discussion: """
      Each run is compared with the first; a run is a folder, a name below lightning_logs such as version_3, or only its \
      number. The exit status is 0 when the runs are equal, 1 when hyperparameters, configuration, scalars, texts, pictures \
      or weights differ, 2 when this is unknown because a run could not be read, or is damaged and nothing else differs. Times, \
      hosts and paths are shown but do not count. Works between runs of Levin, Lightning and others.
      """)

  @Argument(help: "Two or more runs.", completion: RunCompletion.run)
  var names: [String]

  @Flag(help: "Print JSON with all digits.")
  var json = false

  func validate() throws {
    guard names.count >= 2 else { throw ValidationError("give two or more runs") }
  }

  func run() throws {
    let status = try Output.reportingErrors {
      let diff = try Self.diff(names)
      if json {
        try Output.data(diff.json.pretty() + "\n")
      } else {
        try Output.page(diff.lines(.current()))
      }
      return diff.exitStatus
    }
    if status != 0 { throw ExitCode(status) }
  }

  static func diff(_ names: [String]) throws -> RunDiff {
    let folders = try names.map(RunPaths.resolve)
    let titles = folders.map(RunPaths.title)
    // If two roots have a version_0, the whole paths are the titles.
    let areUnique = Set(titles).count == titles.count
    let runs = concurrentMap(Array(zip(folders, titles))) { folder, title in
      Result { try RunOverview(name: areUnique ? title : folder, folder: folder) }
    }
    return try RunDiff(runs.map { try $0.get() })
  }
}

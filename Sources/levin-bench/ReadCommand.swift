import ArgumentParser
import LevinTensorBoard

/// Measures how long it takes to read the curves of runs.
struct ReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Reading the curves of runs, from event files to points.")

  @Argument(help: "Folders of runs.")
  var folders: [String]

  @Option(help: "How often each is read.")
  var count = 7

  func run() throws {
    for folder in folders {
      var points = 0
      let seconds = try sampled(count) {
        try elapsed {
          let run = try Run(directory: folder)
          points = run.tags.reduce(0) { $0 + $1.count }
        }
      }
      try Report(
        "read", unit: .seconds, samples: seconds,
        details: [
          "points": Double(points), "points_per_second": Double(points) / seconds.minimum,
        ], notes: ["folder": folder]
      ).print()
    }
  }
}

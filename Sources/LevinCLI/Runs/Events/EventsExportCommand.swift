internal import ArgumentParser
internal import Foundation
internal import LevinTensorBoard

/// `levin events export`: prints every value of a run, one per line.
struct EventsExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print every value of a run, unsampled, one per line.",
    discussion: """
      The columns are run, kind, tag, step, wall_time (seconds since 1970) and value. A text's value is the text, a \
      picture's its size and format, a sound's its length, a histogram's its number of values, minimum and maximum; tensors, \
      graphs and layouts are JSON. For a folder of several runs, all are printed. What cannot be read is reported, and the exit status is 1.
      """)

  @Argument(help: "A run, a folder of runs, or an event file.", completion: RunCompletion.run)
  var path: String

  @Flag(help: "Comma-separated values with a header line (the default).")
  var csv = false

  @Flag(help: "A JSON array with one object per line.")
  var json = false

  func validate() throws {
    if json && csv { throw ValidationError("choose one of --json and --csv") }
  }

  func run() throws {
    let problems = try Self.export(path, json ? .json : .csv) {
      try Output.data($0)
    }
    problems.forEach { Output.printError("error: " + $0) }
    if !problems.isEmpty { throw ExitCode(1) }
  }

  /// Writes every value; returns what could not be read.
  static func export(
    _ path: String, _ format: ExportWriter.Format, write: @escaping ([UInt8]) throws -> Void
  ) throws -> [String] {
    let found = try Self.found(path)
    var writer = ExportWriter(format, write: write)
    var problems: [String] = []
    for run in found {
      do {
        let values = try read(run)
        try ExportRows(values, name: run.name).write(to: &writer)
        if let first = values.problems.first {
          let more = values.problemCount - 1
          problems.append(first.description + (more > 0 ? " (and \(more) more)" : ""))
        }
      } catch let error as EventFileError {
        problems.append(error.description)
      } catch let error as RunsError {
        problems.append(error.description)
      }
    }
    try writer.finish()
    return problems
  }

  private static func read(_ run: RunPaths.Found) throws -> Run {
    if let problem = run.problem { throw RunsError(problem) }
    return try RunPaths.isFolder(run.folder) ? Run(directory: run.folder) : Run(file: run.folder)
  }

  /// The runs at a path; an event file counts as a run.
  private static func found(_ path: String) throws -> [RunPaths.Found] {
    if RunPaths.isFolder(path) {
      let found = try RunPaths.find(under: path)
      guard !found.isEmpty else { throw RunsError("\(path) has no runs") }
      return found
    }
    if FileManager.default.fileExists(atPath: path) {
      guard try EventFileReport(checking: path).recordCount > 0 else {
        throw RunsError("\(path) has no whole record yet")
      }
      return [RunPaths.Found(name: RunPaths.title(path), folder: path)]
    }
    let folder = try RunPaths.resolve(path)
    return [RunPaths.Found(name: RunPaths.title(folder), folder: folder)]
  }
}

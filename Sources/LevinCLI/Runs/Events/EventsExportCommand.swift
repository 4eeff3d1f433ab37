internal import ArgumentParser
internal import Foundation
internal import LevinTensorBoard

/// `levin events export`: every value of a run, one a line.
struct EventsExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print every value of a run, unsampled, one a line.",
    discussion: """
      The columns are run, kind, tag, step, wall_time (seconds since 1970) and value. A text's value is the text, a \
      picture's its size and format, a histogram's its number of values, least and greatest. A folder of several runs gives them all.
      """)

  @Argument(help: "A run, or a folder of runs.", completion: .directory)
  var folder: String

  @Flag(help: "Comma-separated values with a line of names at the head.")
  var csv = false

  @Flag(help: "A JSON array with one object a line.")
  var json = false

  func validate() throws {
    guard csv != json else { throw ValidationError("choose one of --csv and --json") }
  }

  func run() throws {
    let rows = ExportRows(try Self.runs(folder))
    var pending = csv ? ExportRows.csvHeader + "\n" : "[\n"
    var isFirst = true
    try rows.forEach { row in
      if csv {
        pending += row.csv + "\n"
      } else {
        pending += (isFirst ? "" : ",\n") + row.json.line
      }
      isFirst = false
      guard pending.utf8.count > 1 << 16 else { return }
      try Output.data(pending)
      pending = ""
    }
    if json { pending += "\n]\n" }
    try Output.data(pending)
  }

  /// Names and folders of the runs that a person means.
  static func runs(_ folder: String) throws -> [(name: String, folder: String)] {
    if RunPaths.isFolder(folder) {
      let found = try RunPaths.find(under: folder)
      guard !found.isEmpty else { throw RunsError("\(folder) holds no runs") }
      return found.map {
        $0 == "." ? (RunPaths.title(folder), folder) : ($0, folder + "/" + $0)
      }
    }
    let resolved = try RunPaths.resolve(folder)
    return [(RunPaths.title(resolved), resolved)]
  }
}

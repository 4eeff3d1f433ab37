internal import ArgumentParser
internal import Foundation
internal import LevinTensorBoard
internal import LevinTrainer

/// `levin events check`: reports what is wrong and where.
struct EventsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Verify framing, checksums, order and content of event files.",
    discussion: """
      A folder stands for the event files in it and below it. The exit status is 0 when everything is right, 1 when something is \
      wrong, 2 when a file could not be read or is not an event file. An unfinished \
      record at the end of a file is not a fault, nor is a file without records: it may still be being written.
      """)

  @Argument(help: "Event files, runs, or folders of them.", completion: .file())
  var files: [String]

  func run() throws {
    let page = Page.current()
    let status = try Self.check(files) { result in
      switch result {
      case .success(let report): try Output.page(Self.lines(report, page))
      case .failure(let error): Output.printError("error: \(error)")
      }
    }
    if status != 0 { throw ExitCode(status) }
  }

  /// Checks file by file and returns the exit status; a file that cannot be read does not prevent the others from
  /// being checked.
  static func check(
    _ paths: [String], each: (Result<EventFileReport, any Error>) throws -> Void
  ) throws -> Int32 {
    var status: Int32 = 0
    for path in paths {
      let files: [Result<String, any Error>]
      do { files = try EventsPaths.files(path) } catch { files = [.failure(error)] }
      for file in files {
        let report = Result { try EventFileReport(checking: file.get()) }
        switch report {
        case .success(let report): status = max(status, report.findingCount > 0 ? 1 : 0)
        case .failure: status = 2
        }
        try each(report)
      }
    }
    return status
  }

  static func lines(_ report: EventFileReport, _ page: Page) -> [String] {
    let extent =
      [
        plural(report.recordCount, "record"), plural(report.valueCount, "value"),
        plural(report.tagCount, "tag"), "\(report.length) bytes",
      ].joined(separator: ", ")
    let verdict =
      report.findingCount > 0
      ? page.paint(plural(report.findingCount, "fault"), .red)
      : report.recordCount > 0 ? page.paint("ok", .green) : page.paint("empty", .yellow)
    var lines = ["\(printable(report.path)): \(verdict) (\(extent))"]
    if report.length == 0 {
      lines = ["\(printable(report.path)): \(verdict): nothing has been written yet"]
    }
    for finding in report.findings {
      lines.append(
        "  byte \(finding.offset): "
          + page.paint(finding.rule.rawValue, finding.rule == .order ? .yellow : .red) + ": "
          + printable(finding.message))
    }
    if report.findingCount > report.findings.count {
      lines.append("  … and \(report.findingCount - report.findings.count) more")
    }
    if let (offset, missing) = report.unfinished {
      lines.append(
        "  byte \(offset): " + page.paint("unfinished", .yellow)
          + ": the last record lacks at least \(missing) bytes; it may still be being written")
    }
    return lines
  }
}

/// Resolves the paths given to the commands about event files.
enum EventsPaths {
  /// Returns the file itself, or the event files in a folder and below it; a run may be given by its name or number.
  ///
  /// A file that cannot be opened is listed with its error.
  static func files(_ path: String) throws -> [Result<String, any Error>] {
    var folder = path
    if !RunPaths.isFolder(path) {
      if FileManager.default.fileExists(atPath: path) { return [.success(path)] }
      folder = try RunPaths.resolve(path)
    }
    let files = try RunPaths.find(under: folder).flatMap { run -> [Result<String, any Error>] in
      if let problem = run.problem { return [.failure(RunsError(problem))] }
      do {
        return try Run.eventFiles(in: run.folder).map { .success($0) }
      } catch {
        return [.failure(error)]
      }
    }
    guard !files.isEmpty else { throw RunsError("\(folder) has no event files") }
    return files
  }
}

internal import ArgumentParser
internal import Foundation
internal import LevinTensorBoard
internal import LevinTrainer

/// `levin events check`: what is wrong where.
struct EventsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Verify framing, checksums, order and content of event files.",
    discussion: """
      A folder stands for the event files in it and below it. The exit status is 0 when all is right, 1 when something is \
      wrong, 2 when a file could not be read. A record that is not finished at the end of a file is no fault, nor is a file \
      without any record: a writer may still be at it.
      """)

  @Argument(help: "Event files, or folders with some.", completion: .file())
  var files: [String]

  func run() throws {
    let page = Page.current()
    var status: Int32 = 0
    for path in files {
      do {
        for file in try EventsPaths.files(path) {
          let report = try EventFileReport(checking: file)
          try Output.page(Self.lines(report, page))
          if report.findingCount > 0 { status = max(status, 1) }
        }
      } catch let error as OutputError {
        throw error
      } catch {
        Output.printError("error: \(error)")
        status = 2
      }
    }
    if status != 0 { throw ExitCode(status) }
  }

  static func lines(_ report: EventFileReport, _ page: Page) -> [String] {
    func plural(_ count: Int, _ word: String) -> String {
      "\(count) \(word)\(count == 1 ? "" : "s")"
    }
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
          + ": the last record still lacks \(missing) bytes at least; a writer may be at it")
    }
    return lines
  }
}

/// Paths that the commands about event files take.
enum EventsPaths {
  /// A file itself, or the event files in a folder and below it.
  static func files(_ path: String) throws -> [String] {
    guard RunPaths.isFolder(path) else { return [path] }
    let files = try RunPaths.find(under: path).flatMap {
      try Run.eventFiles(in: $0 == "." ? path : path + "/" + $0)
    }
    guard !files.isEmpty else { throw RunsError("\(path) holds no event files") }
    return files
  }
}

import ArgumentParser
import Foundation
import LevinTensorBoard
import LevinTrainer
import Testing

@testable import LevinCLI

/// Wrong arguments, and empty or damaged folders.
@Suite struct RunsErrorTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test func folders() throws {
    try RunsFixture.with { fixture in
      let root = fixture.root
      func text(_ arguments: String...) -> String {
        message { _ = try RunsCommand.parse(arguments).text(.plain) }
      }
      #expect(
        text(root + "/nope")
          == "there is no folder \(root)/nope; give the one that holds the runs, for example: \(Program.name) runs logs"
      )
      try fixture.write("", to: "file")
      #expect(text(root + "/file") == "\(root)/file is a file; give the folder that holds the runs")
      try FileManager.default.createDirectory(
        atPath: root + "/empty", withIntermediateDirectories: true)
      #expect(
        text(root + "/empty")
          == "\(root)/empty has no runs: there are no event files in it or below it")
      #expect(
        text(root, "--sort", "loss")
          == "cannot sort by 'loss'; expected one of: version, started, length, epochs, steps, checkpoints, "
          + "status, learning_rate, train/loss, val/loss, test/loss")
      #expect(
        message { _ = try RunPaths.resolve(root + "/empty") }
          == "\(root)/empty has no run: no event files, no run.json, no hparams.yaml")
      #expect(
        message { _ = try RunPaths.resolve(root) }
          == "\(root) has no run: the runs are below it: \(root)/version_0, \(root)/version_1, "
          + "\(root)/version_10")
      #expect(
        message { _ = try RunPaths.resolve(root + "/file") }
          == "\(root)/file is a file; give the folder of a run")
      #expect(
        message { _ = try EventsPaths.files(root + "/empty") }
          == "\(root)/empty has no event files")
      #expect(
        message { _ = try RunPaths.newest(under: root + "/nope") }
          == "there is no folder \(root)/nope; give the run's folder: \(Program.name) show FOLDER")
      #expect(
        message { _ = try RunPaths.newest(under: root + "/empty") }
          == "\(root)/empty has no run; give the folder of one: \(Program.name) show FOLDER")
      #expect(try RunPaths.newest(under: root) == root + "/version_10")
      let resolved = try RunPaths.resolve(root + "/version_0/")
      #expect(resolved == root + "/version_0")
    }
  }

  @Test func arguments() {
    func parse(_ command: any ParsableCommand.Type, _ arguments: String...) -> String {
      do {
        _ = try command.parse(arguments)
        return "no error"
      } catch {
        return command.message(for: error)
      }
    }
    #expect(parse(RunsCommand.self, "--json", "--csv") == "choose one of --json and --csv")
    #expect(parse(DiffCommand.self, "a") == "give two or more runs")
    #expect(
      parse(EventsExportCommand.self, "a", "--csv", "--json") == "choose one of --json and --csv")
    #expect(
      parse(ShowCommand.self, "--json", "--watch") == "choose one of --watch and --json")
    #expect(parse(ShowCommand.self, "--watch", "--png", "x") == "choose one of --watch and --png")
    #expect(parse(EventsRepairCommand.self, "a") == "Missing expected argument '--output <output>'")
  }

  /// Damage in one place is reported, and everything else stays readable.
  @Test func damagedRun() throws {
    try RunsFixture.with { fixture in
      let file = fixture.root + "/version_0/events.out.tfevents.1700000000.golden.1.0"
      var bytes = Array(try Data(contentsOf: URL(filePath: file)))
      bytes[700] ^= 1
      try Data(bytes).write(to: URL(filePath: file))
      try fixture.write("{\"status\": ", to: "version_0/run.json")
      try fixture.write("a: [1, 2\nb: ]", to: "version_0/hparams.yaml")
      let overview = try fixture.overview("version_0")
      #expect(overview.problems.count == 3)
      #expect(overview.problems[0].hasPrefix(file + ": byte "))
      #expect(
        overview.problems[1]
          == "\(fixture.root)/version_0/run.json is damaged: it is not a JSON object")
      #expect(overview.problems[2].hasPrefix("\(fixture.root)/version_0/hparams.yaml:2:2: "))
      #expect(overview.info.status == .unknown)
      #expect(overview.metrics.count == 3)
      let output = try RunsCommand.parse([fixture.root]).text(.plain)
      #expect(output.lines.count == 5)
      #expect(output.problems.count == 1)
      #expect(output.problems.first?.hasSuffix("(and 2 more)") == true)
      let page = try RunPage(overview: overview, images: .none).lines(.plain)
      #expect(page.contains { $0.hasPrefix("damaged: ") && $0.hasSuffix(" (and 2 more)") })
    }
  }

  /// An empty file is not a fault, but not simply ok either.
  @Test func emptyEventFiles() throws {
    try RunsFixture.with { fixture in
      let path = fixture.root + "/tfevents"
      func lines(_ bytes: [UInt8]) throws -> [String] {
        try Data(bytes).write(to: URL(filePath: path))
        let report = try EventFileReport(checking: path)
        #expect(report.findingCount == 0)
        return EventsCheckCommand.lines(report, .plain)
      }
      let empty = try lines([])
      #expect(empty == ["\(path): empty: nothing has been written yet"])
      let begun = try lines([24, 0, 0])
      #expect(
        begun == [
          "\(path): empty (0 records, 0 values, 0 tags, 3 bytes)",
          "  byte 0: unfinished: the last record lacks at least 9 bytes; it may still be being written",
        ])
    }
  }

  @Test func repairNeverReplacesUnasked() throws {
    try RunsFixture.with { fixture in
      let file = fixture.root + "/version_0/events.out.tfevents.1700000000.golden.1.0"
      #expect(
        message { _ = try EventsRepairCommand.repair(file, to: file, force: true) }
          == "\(file) is the damaged file itself; give another output file")
      let there = fixture.root + "/version_0/run.json"
      #expect(
        message { _ = try EventsRepairCommand.repair(file, to: there, force: false) }
          == "\(there) already exists; --force replaces it")
      #expect(
        message { _ = try EventsRepairCommand.repair(file, to: fixture.root, force: true) }
          == "\(fixture.root) is a folder; give the file to write")
      let forced = try EventsRepairCommand.repair(file, to: there, force: true)
      #expect(forced.count == 2)
    }
  }
}

import ArgumentParser
import Foundation
import LevinTensorBoard
import LevinTrainer
import Testing

@testable import LevinCLI

/// The output of the commands, at several widths, with and without colour.
@Suite struct RunsGoldenTests {
  @Test func runs() throws {
    try RunsFixture.with { fixture in
      for (name, page) in RunsFixture.pages {
        let command = try RunsCommand.parse([fixture.root])
        try fixture.expect(command.text(page).lines, "runs-" + name)
      }
      let sorted = try RunsCommand.parse([fixture.root, "--sort", "val/loss"])
      try fixture.expect(sorted.text(.plain).lines, "runs-sorted")
      try fixture.expect(
        RunsCommand.parse([fixture.root, "--json"]).text(.plain).lines, "runs-json")
      try fixture.expect(RunsCommand.parse([fixture.root, "--csv"]).text(.plain).lines, "runs-csv")
    }
  }

  @Test func show() throws {
    try RunsFixture.with { fixture in
      let overview = try fixture.overview("version_0")
      for (name, page) in RunsFixture.pages {
        let images: InlineImages = page.hasColor ? .blocks : .none
        try fixture.expect(
          RunPage(overview: overview, images: images).lines(page), "show-" + name)
      }
    }
  }

  @Test func diff() throws {
    try RunsFixture.with { fixture in
      let runs = try ["version_0", "version_1", "version_10"].map(fixture.overview)
      let diff = try RunDiff(runs)
      #expect(!diff.isEqual)
      for (name, page) in RunsFixture.pages { try fixture.expect(diff.lines(page), "diff-" + name) }
      try fixture.expect([diff.json.pretty()], "diff-json")
      // By Levin or by Lightning, with a run.json or without: the same curves, texts and pictures
      // are equal.
      let equal = try RunDiff([runs[1], runs[2]])
      #expect(equal.isEqual)
      try fixture.expect(equal.lines(.plain), "diff-equal")
    }
  }

  @Test func events() throws {
    try RunsFixture.with { fixture in
      let folder = fixture.root + "/version_0/"
      let name = "events.out.tfevents.1700000000.golden.1.0"
      var bytes = Array(try Data(contentsOf: URL(filePath: folder + name)))
      bytes[700] ^= 1
      bytes[1500] ^= 8
      bytes.removeLast(5)
      let damaged = folder + "damaged.tfevents"
      try Data(bytes).write(to: URL(filePath: damaged))
      var lines: [String] = []
      for file in try EventsPaths.files(folder) {
        lines += EventsCheckCommand.lines(try EventFileReport(checking: file.get()), .plain)
      }
      lines += try EventsRepairCommand.repair(damaged, to: folder + "whole", force: false)
      try fixture.expect(lines.map { $0.replacing("//", with: "/") }, "events")

      var rows: [String] = []
      for format in [ExportWriter.Format.csv, .json] {
        let (text, problems) = try fixture.export(fixture.root + "/version_1", format)
        #expect(problems.isEmpty)
        rows += text.split(separator: "\n").map(String.init)
      }
      try fixture.expect(rows, "export")
    }
  }

  @Test func help() throws {
    for command in [
      "runs", "show", "diff", "events", "events check", "events repair", "events export",
    ] {
      let text = RootForTests.helpMessage(for: try Self.type(command), columns: 100)
        .replacing("'\(Program.name) ", with: "'levin ")
      try RunsFixture(root: "/nowhere").expect([text], "help-" + command.replacing(" ", with: "-"))
    }
  }

  private static func type(_ name: String) throws -> any ParsableCommand.Type {
    switch name {
    case "runs": RunsCommand.self
    case "show": ShowCommand.self
    case "diff": DiffCommand.self
    case "events": EventsCommand.self
    case "events check": EventsCheckCommand.self
    case "events repair": EventsRepairCommand.self
    default: EventsExportCommand.self
    }
  }

  private struct RootForTests: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "levin", subcommands: RunCommands.all)
  }
}

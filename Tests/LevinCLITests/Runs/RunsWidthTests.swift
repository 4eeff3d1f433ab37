import ArgumentParser
import Foundation
import LevinTensorBoard
import Testing

@testable import LevinCLI

/// No line is wider than the terminal.
@Suite struct RunsWidthTests {
  private func expect(
    _ lines: [String], fit width: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for line in lines {
      let visible = line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
      #expect(displayWidth(visible) <= width, "\(visible)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [40, 60, 80, 120], [false, true])
  func commands(width: Int, hasColor: Bool) throws {
    let page = Page(width: width, hasColor: hasColor, timeZone: .gmt)
    try RunsFixture.with { fixture in
      for (run, text) in [
        ("version_0", "gpu"), ("version_1", "a b/c/d, which is rather long indeed"),
      ] {
        try fixture.write("trainer:\n  accelerator: \(text)\n", to: run + "/config.yaml")
      }
      try fixture.write(
        "learning_rate: 0.1\na_name_that_is_longer_than_half_of_a_line: \(String(repeating: "x", count: 60))\n",
        to: "version_0/hparams.yaml")
      // Damage, and a checkpoint that is missing: their lines are wide as well.
      try fixture.write("{", to: "version_10/run.json")
      let names = ["version_0", "version_1", "version_10"]
      let runs = try names.map(fixture.overview)
      expect(try RunsCommand.parse([fixture.root]).text(page).lines, fit: width)
      for run in runs {
        expect(try RunPage(overview: run, images: .blocks).lines(page), fit: width)
      }
      expect(try RunDiff(runs).lines(page), fit: width)
      expect(try RunDiff([runs[1], runs[1]]).lines(page), fit: width)
      try FileManager.default.removeItem(atPath: fixture.root + "/version_1/checkpoints")
      expect(try RunDiff([runs[0], fixture.overview("version_1")]).lines(page), fit: width)
    }
  }

  /// Values that do not fit a table stand below each other, in full.
  @Test func valuesInFull() throws {
    try RunsFixture.with { fixture in
      let text = "a b/c/d, which is rather long indeed"
      try fixture.write("model:\n  name: \(text), 1\n", to: "version_0/config.yaml")
      try fixture.write("model:\n  name: \(text), 2\n", to: "version_1/config.yaml")
      let runs = try ["version_0", "version_1"].map(fixture.overview)
      let lines = try RunDiff(runs).lines(Page(width: 40, hasColor: false, timeZone: .gmt))
      let start = try #require(lines.firstIndex(of: "config that differs"))
      #expect(
        lines[(start + 1)...(start + 5)] == [
          "model.name", "  version_0  a b/c/d, which is rather", "    long indeed, 1",
          "  version_1  a b/c/d, which is rather", "    long indeed, 2",
        ])
    }
  }

  /// In a wide terminal, too, two commands that begin alike can be distinguished.
  @Test func longValuesInFull() throws {
    try RunsFixture.with { fixture in
      let text = String(repeating: "x", count: 70)
      for number in 0...1 {
        try fixture.write(
          "name: \(text)\(number)\nepochs: \(number)\n", to: "version_\(number)/config.yaml")
      }
      let runs = try ["version_0", "version_1"].map(fixture.overview)
      let lines = try RunDiff(runs).lines(Page(width: 120, hasColor: false, timeZone: .gmt))
      let start = try #require(lines.firstIndex(of: "config that differs"))
      #expect(
        lines[(start + 1)...(start + 5)] == [
          "        version_0  version_1", "epochs  0          1", "name",
          "  version_0  \(text)0", "  version_1  \(text)1",
        ])
    }
  }

  /// A printed tensor's rows, 79 wide, stay whole in a terminal of 80 columns.
  @Test func printedTensors() throws {
    let numbers = Array(repeating: "9", count: 23).joined(separator: ", ")
    let rows = ["tensor([" + numbers + ",", "        " + numbers + "])"].map {
      $0 + String(repeating: ".", count: 79 - $0.count)
    }
    try RunsFixture.with { fixture in
      let folder = fixture.root + "/texts"
      let writer = try SummaryWriter(directory: folder)
      writer.addText("preds", rows.joined(separator: "\n"))
      try writer.close()
      func lines(_ width: Int) throws -> [String] {
        let page = Page(width: width, hasColor: false, timeZone: .gmt)
        return try RunPage(overview: fixture.overview("texts"), images: .none).lines(page)
          .filter { $0.contains("9, 9") }
      }
      for width in [79, 80, 81, 120] {
        let shown = try lines(width)
        #expect(shown.count == 2, "\(width)")
        #expect(shown.first?.hasPrefix("  tensor(") == (width > 80), "\(width)")
      }
    }
  }
}

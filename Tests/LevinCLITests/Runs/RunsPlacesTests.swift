import ArgumentParser
import Foundation
import LevinTensorBoard
import Testing

@testable import LevinCLI

/// Where runs are found, and the reports about those that cannot be read.
@Suite struct RunsPlacesTests {
  private func names(_ root: String) throws -> [String] {
    try RunPaths.find(under: root).map(\.name)
  }

  /// Runs are found wherever TensorBoard finds them: below hidden folders, and below folders named checkpoints.
  @Test func everywhere() throws {
    try RunsFixture.with { fixture in
      for folder in [".guild/run", "checkpoints/exp1", "exp2/checkpoints"] {
        try FileManager.default.createDirectory(
          atPath: fixture.root + "/" + folder, withIntermediateDirectories: true)
        try fixture.write("", to: folder + "/events.out.tfevents.1.x")
      }
      // Links that lead back are not followed forever.
      try FileManager.default.createSymbolicLink(
        atPath: fixture.root + "/exp2/up", withDestinationPath: "..")
      let found = try names(fixture.root)
      #expect(
        found == [
          ".guild/run", "checkpoints/exp1", "exp2/checkpoints", "version_0", "version_1",
          "version_10",
        ])
      let files = try EventsPaths.files(fixture.root).map { try $0.get() }
      #expect(files.contains(fixture.root + "/.guild/run/events.out.tfevents.1.x"))
      // The folder itself is called by its name.
      #expect(try names(fixture.root + "/exp2/checkpoints") == ["checkpoints"])
      #expect(try names(fixture.root + "/version_0") == ["version_0"])
      #expect(try names(fixture.root + "/version_0/.") == ["version_0"])
    }
  }

  /// A run that cannot be read, and one whose name is not UTF-8, each get a row, and the others are listed.
  @Test func unreadableRuns() throws {
    try RunsFixture.with { fixture in
      func create(_ name: [CChar], _ make: (UnsafePointer<CChar>) -> CInt) {
        let path = Array(fixture.root.utf8CString.dropLast()) + name + [0]
        #expect(make(path) >= 0)
      }
      create("/".utf8CString.dropLast() + [-28]) { mkdir($0, 0o777) }
      create("/version_1/tfevents.".utf8CString.dropLast() + [-28]) {
        open($0, O_WRONLY | O_CREAT, 0o666)
      }
      let output = try RunsCommand.parse([fixture.root]).text(.plain)
      #expect(!output.isComplete)
      let rows = output.lines.dropFirst(2).map { $0.split(separator: " ") }
      #expect(rows.map(\.first) == ["version_0", "version_1", "version_10", "\u{FFFD}"])
      #expect(rows.map(\.last) == ["finished", "unreadable", "unknown", "unreadable"])
      let advice = "cannot be read, because its name is not UTF-8; rename it"
      #expect(
        output.problems == [
          "version_1: \(fixture.root)/version_1/tfevents.\u{FFFD}: \(advice)",
          "\u{FFFD}: \(fixture.root)/\u{FFFD}: \(advice)",
        ])
      // The files beside the events are still shown: version_1's hyperparameters.
      #expect(rows[1].contains("tiny"))
      let sound = try RunsCommand.parse([fixture.root + "/version_0"]).text(.plain)
      #expect(sound.isComplete)

      var (reports, errors) = (0, 0)
      let status = try EventsCheckCommand.check([fixture.root]) { result in
        if case .success = result { reports += 1 } else { errors += 1 }
      }
      #expect(status == 2 && reports == 4 && errors == 2)

      let (text, problems) = try fixture.export(fixture.root, .csv)
      #expect(problems.count == 2)
      #expect(text.contains("\nversion_0,scalar,") && text.contains("\nversion_10,scalar,"))
    }
  }

  /// A folder that disappears after it was found and before it is read.
  @Test func vanishedRun() throws {
    let overview = RunOverview(RunPaths.Found(name: "gone", folder: "/nowhere/gone"))
    #expect(overview.info.status == .unreadable)
    #expect(
      overview.problems == ["/nowhere/gone: cannot list: No such file or directory"])
  }

  /// Lists that are cut say so.
  @Test func listsOfRuns() throws {
    try RunsFixture.with { fixture in
      for number in 2..<10 { try fixture.copy("version_0", to: "version_\(number)") }
      let error = #expect(throws: RunsError.self) { try RunPaths.resolve(fixture.root) }
      let names = (7...10).map { "\(fixture.root)/version_\($0)" }.joined(separator: ", ")
      #expect(
        error?.description
          == "\(fixture.root) has no run: the runs are below it: \(names) and 7 more")
    }
  }

  @Test func naturalOrder() {
    let names = [
      "", "a", "a1", "a01", "a1b", "a2", "a10", "a10/b", "a100", "b", "ä2", "ä10",
    ]
    #expect(names.shuffled().sorted { NaturalName($0) < NaturalName($1) } == names)
  }
}

import Foundation
import Testing

@testable import LevinCLI

/// Runs that were worked on in several stretches.
@Suite struct RunsStretchesTests {
  private static func stretch(
    _ minute: Int, status: String = "finished", commit: String = "abc", seed: Int = 7,
    steps: ClosedRange<Int>, checkpoint: String? = nil, stage: String = "fit"
  ) -> String {
    let source = checkpoint.map {
      #", "checkpoint": {"path": "logs/\#($0)/checkpoints/a.safetensors", "run": "logs/\#($0)"}"#
    }
    return """
      {"stage": "\(stage)", "status": "\(status)", "start": "2026-11-24T12:\(minute):10.000Z",
       "end": "2026-11-24T12:\(minute):12.500Z", "commit": "\(commit)", "seed": \(seed), "versions": {"levin": "0.1.0"},
       "data_hashes": {"training": "f00"}, "steps": {"from": \(steps.lowerBound), "to": \(steps.upperBound)}\(source ?? "")}
      """
  }

  private static func record(_ stretches: String...) -> String {
    """
    {"status": "finished", "start": "2026-11-24T12:10:10.000Z", "end": "2026-11-24T12:59:12.500Z", "seed": 7,
     "commit": "abc", "versions": {"levin": "0.1.0"}, "data_hashes": {"training": "f00"}, "epochs": 3, "steps": 24,
     "stretches": [\(stretches.joined(separator: ", "))]}
    """
  }

  /// Creates a run with one stretch and the same run with the given record.
  private func compare(_ other: String, _ body: (RunDiff) throws -> Void) throws {
    try RunsFixture.with { fixture in
      try FileManager.default.copyItem(
        atPath: fixture.root + "/version_0", toPath: fixture.root + "/copy")
      try fixture.write(Self.record(Self.stretch(10, steps: 0...24)), to: "version_0/run.json")
      try fixture.write(other, to: "copy/run.json")
      try body(try RunDiff(["version_0", "copy"].map(fixture.overview)))
    }
  }

  @Test func goingOnIsNoCause() throws {
    let stretches = [
      Self.stretch(10, status: "interrupted", steps: 0...10),
      Self.stretch(59, seed: 99, steps: 10...24, checkpoint: "copy"),
    ]
    try compare(Self.record(stretches[0], stretches[1])) { diff in
      #expect(diff.exitStatus == 0)
      #expect(diff.causes.isEmpty, "\(diff.causes.map(\.name))")
      let run = diff.runs[1]
      #expect(run.length == 5, "the sum, not 49 minutes")
      #expect(run.started == diff.runs[0].started)
      #expect(run.info.weightsFrom == nil)
      let shown = diff.circumstances.first { $0.name == "stretches" }
      #expect(
        shown?.values == ["fit 0–24 finished", "fit 0–10 interrupted, fit 10–24 finished"])
    }
  }

  @Test func whatChangedOnTheWayIsACause() throws {
    let stretches = [
      Self.stretch(10, steps: 0...10), Self.stretch(59, commit: "def", steps: 10...24),
    ]
    try compare(Self.record(stretches[0], stretches[1])) { diff in
      #expect(diff.causes.map(\.name) == ["commit"])
      #expect(diff.causes.first?.values == ["abc", "abc, then def"])
    }
  }

  @Test func aTestNamesItsTraining() throws {
    try RunsFixture.with { fixture in
      try fixture.write(
        Self.record(Self.stretch(10, steps: 0...0, checkpoint: "version_0", stage: "test")),
        to: "version_1/run.json")
      let report = RunsReport(try ["version_0", "version_1"].map(fixture.overview))
      let lines = report.table(.plain)
      #expect(lines[1].hasSuffix("checkpoints  weights from  status"), "\(lines[1])")
      #expect(lines[2].hasSuffix("–             finished"), "\(lines[2])")
      #expect(lines[3].hasSuffix("version_0     finished"), "\(lines[3])")
      #expect(report.csv[0].hasSuffix("checkpoints,weights from,status"))
      #expect(report.csv[2].hasSuffix(",version_0,finished"))
      #expect(report.json.pretty().contains(#""weights_from": "version_0""#))
    }
  }
}

import Foundation
import LevinFormats
import Testing

@testable import LevinCLI

/// `levin diff` of a run and its copy, which is damaged in one place.
@Suite struct DiffDamageTests {
  private static let events = "events.out.tfevents.1700000000.golden.1.0"
  private static let checkpoint = "checkpoints/epoch=2-step=24.safetensors"

  private func compare(
    _ change: (RunsFixture) throws -> Void, _ body: (RunDiff, [String], String) throws -> Void
  ) throws {
    try RunsFixture.with { fixture in
      try FileManager.default.copyItem(
        atPath: fixture.root + "/version_0", toPath: fixture.root + "/copy")
      try change(fixture)
      let diff = try RunDiff(["version_0", "copy"].map(fixture.overview))
      let lines = diff.lines(.plain).map { $0.replacing(fixture.root, with: "ROOT") }
      try body(diff, lines, diff.json.pretty())
    }
  }

  /// Changes the bytes of a file of the copy.
  private func edit(_ fixture: RunsFixture, _ name: String, _ body: (inout [UInt8]) throws -> Void)
    throws
  {
    let url = URL(filePath: fixture.root + "/copy/" + name)
    var bytes = Array(try Data(contentsOf: url))
    try body(&bytes)
    try Data(bytes).write(to: url)
  }

  private func expectOpen(_ diff: RunDiff, _ lines: [String], _ json: String, _ damage: String) {
    #expect(diff.exitStatus == 2 && !diff.isEqual && !diff.differs)
    let told = lines.filter { $0.hasPrefix("damaged: ") }
    #expect(told.count == 1 && told[0].contains(damage), "\(lines)")
    #expect(lines.last?.hasPrefix("not all could be compared; equal as far as read: ") == true)
    #expect(json.contains(#""equal": false"#) && json.contains(#""complete": false"#))
    #expect(json.contains(damage.replacing("\"", with: "\\\"")))
  }

  @Test func nothing() throws {
    try compare { _ in
    } _: { diff, lines, json in
      #expect(diff.exitStatus == 0 && diff.isEqual)
      #expect(
        lines.last
          == "the runs are equal: 3 hyperparameters, 5 curves, 3 texts, 3 pictures, 2 tensors")
      #expect(json.contains(#""equal": true"#) && json.contains(#""complete": true"#))
    }
  }

  @Test func checkpointCutShort() throws {
    try compare {
      try edit($0, Self.checkpoint) { $0.removeLast(2) }
    } _: { diff, lines, json in
      expectOpen(diff, lines, json, "the file is cut short")
      #expect(lines.contains("  not compared: the checkpoint of one run is damaged"))
    }
  }

  /// Damage of the run that all others are compared with is reported once.
  @Test func checkpointOfTheFirstRunCutShort() throws {
    try RunsFixture.with { fixture in
      for name in ["a", "b"] {
        try FileManager.default.copyItem(
          atPath: fixture.root + "/version_0", toPath: fixture.root + "/" + name)
      }
      try fixture.write("", to: "version_0/" + Self.checkpoint)
      let diff = try RunDiff(["version_0", "a", "b"].map(fixture.overview))
      #expect(diff.exitStatus == 2)
      #expect(diff.problems.map(\.run) == [0])
    }
  }

  @Test func checkpointMissing() throws {
    try compare {
      try FileManager.default.removeItem(atPath: $0.root + "/copy/" + Self.checkpoint)
    } _: { diff, lines, json in
      #expect(diff.exitStatus == 1)
      #expect(lines.contains("  only version_0 has a checkpoint"))
      #expect(lines.last == "the runs differ")
    }
  }

  /// A checkpoint of PyTorch's is compared like any other; a missing one is a difference.
  @Test func pytorch() throws {
    try RunsFixture.with { fixture in
      try FileManager.default.copyItem(
        atPath: fixture.root + "/version_10", toPath: fixture.root + "/copy")
      let runs = try ["version_10", "copy"].map(fixture.overview)
      let diff = try RunDiff(runs)
      #expect(diff.exitStatus == 0)
      #expect(diff.lines(.plain).last?.hasSuffix("3 pictures, 2 tensors") == true)
      try FileManager.default.removeItem(atPath: fixture.root + "/copy/checkpoints")
      let other = try RunDiff([runs[0], try fixture.overview("copy")])
      #expect(other.exitStatus == 1)
    }
  }

  @Test(arguments: [
    ("run.json", "{\"status\": ", "it is not a JSON object"),
    ("run.json", "", "it is not a JSON object"),
    ("hparams.yaml", "a: [1, 2\nb: ]", "hparams.yaml:2:2: not valid YAML"),
    ("hparams.yaml", "", "it has no settings"),
    ("config.yaml", "a: [1, 2\nb: ]", "config.yaml:2:2: not valid YAML"),
  ])
  func settings(file: String, text: String, damage: String) throws {
    try compare {
      try $0.write("seed_everything: 1", to: "version_0/config.yaml")
      try $0.write(text, to: "copy/" + file)
      if file != "config.yaml" { try $0.write("seed_everything: 1", to: "copy/config.yaml") }
    } _: { diff, lines, json in
      expectOpen(diff, lines, json, damage)
    }
  }

  @Test func hyperparametersInTheEventFile() throws {
    try compare {
      try edit($0, Self.events) { bytes in
        let name = Array("session_start_info".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        bytes[place] ^= 1
      }
    } _: { diff, lines, json in
      expectOpen(diff, lines, json, "the checksum of ")
    }
  }

  /// A lost point makes a difference, and the damage is reported as well.
  @Test func scalar() throws {
    try compare {
      try edit($0, Self.events) { bytes in
        let name = Array("train/loss".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        bytes[place + 12] ^= 1
      }
    } _: { diff, lines, json in
      #expect(diff.exitStatus == 1)
      #expect(lines.contains { $0.hasPrefix("damaged: ROOT/copy/" + Self.events + ": byte ") })
      #expect(lines.last == "the runs differ; not all could be compared")
    }
  }

  /// A finished run's file is complete; a killed one's may end anywhere.
  @Test func eventFileCutShort() throws {
    let last = "events.out.tfevents.1700000001.golden.1.1"
    try compare {
      try edit($0, last) { $0.removeLast(3) }
    } _: { diff, lines, json in
      #expect(diff.exitStatus != 0)
      #expect(lines.contains { $0.hasPrefix("damaged: ") && $0.hasSuffix("is cut short") })
    }
    try RunsFixture.with { fixture in
      let path = fixture.root + "/version_1/" + last
      let bytes = try Data(contentsOf: URL(filePath: path))
      try bytes.dropLast(3).write(to: URL(filePath: path))
      #expect(try fixture.overview("version_1").problems.isEmpty)
    }
  }

  @Test func manyProblems() throws {
    try compare {
      try edit($0, Self.events) { bytes in
        let name = Array("train/loss".utf8)
        for place in bytes.indices where bytes[place...].starts(with: name) { bytes[place] ^= 1 }
      }
    } _: { diff, lines, json in
      #expect(lines.count { $0.hasPrefix("damaged: ") } == 5)
      #expect(lines.contains("damaged: copy: 8 more"))
    }
  }

  /// Arrays of a dtype that cannot be subtracted are equal if their bytes are.
  @Test func rareDTypes() throws {
    func file(_ fixture: RunsFixture, _ run: String, _ byte: UInt8) throws {
      var file = SafetensorsFile()
      file.entries = [("w", .init(dtype: "F16", shape: [1], bytes: [byte, 60]))]
      try Data(file.encoded()).write(
        to: URL(filePath: fixture.root + "/\(run)/" + Self.checkpoint))
    }
    for (byte, status) in [(UInt8(0), Int32(0)), (1, 1)] {
      try compare {
        try file($0, "version_0", 0)
        try file($0, "copy", byte)
      } _: { diff, lines, json in
        #expect(diff.exitStatus == status)
      }
    }
  }
}

import Foundation
import Testing

@testable import LevinCLI

/// `config.yaml`, the command line's whole configuration, in `levin diff`.
@Suite struct DiffConfigTests {
  private static func config(
    epochs: Int = 5, root: String = "null", data: String = ".", momentum: String = ""
  ) -> String {
    """
    seed_everything: 42
    trainer:
      max_epochs: \(epochs)
      default_root_dir: \(root)
      enable_progress_bar: true
    model:
      learning_rate: 0.1\(momentum)
    data:
      root: \(data)

    """
  }

  private func compare(
    _ first: String?, _ other: String?, _ body: (RunDiff, [String]) throws -> Void
  ) throws {
    try RunsFixture.with { fixture in
      try FileManager.default.copyItem(
        atPath: fixture.root + "/version_0", toPath: fixture.root + "/copy")
      if let first { try fixture.write(first, to: "version_0/config.yaml") }
      if let other { try fixture.write(other, to: "copy/config.yaml") }
      let diff = try RunDiff(["version_0", "copy"].map(fixture.overview))
      try body(diff, diff.lines(.plain))
    }
  }

  @Test func equal() throws {
    try compare(Self.config(), Self.config()) { diff, lines in
      #expect(diff.exitStatus == 0 && diff.config.isEmpty)
      #expect(lines.last?.contains("3 hyperparameters, 6 config keys, ") == true)
    }
  }

  @Test func different() throws {
    try compare(Self.config(), Self.config(epochs: 6, momentum: "\n  momentum: 0.9")) {
      diff, lines in
      #expect(diff.exitStatus == 1)
      let start = try #require(lines.firstIndex(of: "config that differs"))
      #expect(
        lines[(start + 1)...(start + 3)] == [
          "                    version_0  copy", "trainer.max_epochs  5          6",
          "model.momentum      –          0.9",
        ])
      #expect(
        diff.json.pretty().contains(
          #""config": ["# + "\n"
            + #"    {"name": "trainer.max_epochs", "values": [5, 6], "counts": true},"# + "\n"
            + #"    {"name": "model.momentum", "values": [null, 0.9], "counts": true}"#))
    }
  }

  /// Different locations of files do not make runs different.
  @Test func paths() throws {
    try compare(Self.config(), Self.config(root: "elsewhere", data: "mnist")) { diff, lines in
      #expect(diff.exitStatus == 0)
      #expect(diff.config.map(\.name) == ["trainer.default_root_dir", "data.root"])
      #expect(lines.contains("data.root                 .          mnist"))
    }
  }

  /// A run of a custom program has none, nor does one of Lightning's Trainer.
  @Test func onlyOne() throws {
    try compare(Self.config(), nil) { diff, lines in
      #expect(diff.exitStatus == 0)
      #expect(lines.contains("config not compared: no config.yaml in copy"))
    }
  }
}

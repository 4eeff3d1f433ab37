import ArgumentParser
import Foundation
import LevinTensorBoard

/// Measures how many points of curves a writer can take per second.
struct WriteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Scalars per second through the whole path: from addScalar to the closed file.",
    discussion: """
      Each measurement creates a writer, adds the points of one curve from one thread, and closes it; \
      the file is in a temporary folder.
      """)

  @Option(help: "Points of the curve.")
  var scalars = 1_000_000

  @Option(help: "How often it is measured.")
  var count = 5

  func validate() throws {
    if scalars < 1 { throw ValidationError("--scalars: found \(scalars); expected at least 1") }
  }

  func run() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    var bytes = 0
    let rates = try sampled(count) {
      let run = folder.path + "/\(UUID().uuidString)"
      let seconds = try elapsed {
        let writer = try SummaryWriter(directory: run)
        for step in 0..<scalars { writer.addScalar("train/loss", 1 / Double(step + 1), step: step) }
        try writer.close()
      }
      bytes = try Self.byteCount(in: run)
      try FileManager.default.removeItem(atPath: run)
      return Double(scalars) / seconds
    }
    try Report(
      "write-scalars", unit: .perSecond, samples: rates,
      details: [
        "scalars": Double(scalars), "bytes_per_event": Double(bytes) / Double(scalars),
      ]
    ).print()
  }

  static func byteCount(in folder: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      return sum + (attributes[.size] as? Int ?? 0)
    }
  }
}

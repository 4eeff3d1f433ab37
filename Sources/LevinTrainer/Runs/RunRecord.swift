internal import Foundation

/// What `run.json` says of a run: how it stands, and what it was made with.
public struct RunRecord: Codable, Sendable, Hashable {
  /// The name of the file in the run's folder.
  public static let fileName = "run.json"

  /// How the run stands.
  public var status: RunStatus
  /// ISO 8601, UTC.
  public var start: String
  /// When the status was last changed from running; nil while it runs.
  public var end: String?
  /// The program and its arguments.
  public var command: [String]
  /// `levin`, and the operating system.
  public var versions: [String: String]
  /// The commit of the repository that the run was started in; nil outside of one.
  public var commit: String?
  /// The fingerprints of the datasets that give one, by what they are used for.
  public var dataHashes: [String: String]
  /// What the kernels use: `avx512`, `avx2`, `neon` or `plain`.
  public var instructionSet: String
  /// The threads that share large kernels.
  public var threadCount: Int
  /// What the default generator was seeded with.
  public var seed: UInt64
  /// The name of the machine.
  public var host: String
  /// The process.
  public var pid: Int32
  /// Training epochs finished; nil while it runs.
  public var epochs: Int?
  /// Optimizer steps made; nil while it runs.
  public var steps: Int?
  /// The checkpoint that the run went on from; nil where it began afresh.
  public var resumedFrom: String?

  /// Pretty JSON with sorted keys.
  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // Strings, integers and nils only: encoding them cannot fail.
    let data = (try? encoder.encode(self)) ?? Data()
    return Array(data) + Array("\n".utf8)
  }

  /// Reads a record; nil where there is none or it is no record.
  public static func read(fromRun folder: String) -> RunRecord? {
    guard let data = FileManager.default.contents(atPath: RunFolder.joined(folder, fileName)) else {
      return nil
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(RunRecord.self, from: data)
  }

  /// Now, as the record writes times.
  static func now() -> String {
    Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)) + "Z"
  }
}

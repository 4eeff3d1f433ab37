internal import Foundation
internal import LevinSystem

/// One stretch of work on a run, as listed in `run.json`: a training, a resumed training, a
/// validation or a test.
public struct RunStretch: Codable, Sendable, Hashable {
  /// Optimizer steps at the beginning and at the end of a stretch.
  public struct Steps: Codable, Sendable, Hashable {
    /// At its beginning.
    public var from: Int
    /// nil while the stretch runs, and where it died.
    public var to: Int?
  }

  /// A checkpoint that a stretch began with.
  public struct Source: Codable, Sendable, Hashable {
    /// The path of the file.
    public var path: String
    /// The folder of the run that wrote it; nil if it is not in one.
    public var run: String?

    init(path: String) {
      self.path = path
      let real = FileSystem.realPath(path) ?? path
      run = [path, real].map { RunFolder.folder(of: RunFolder.folder(of: $0)) }
        .first { FileManager.default.fileExists(atPath: RunFolder.joined($0, RunRecord.fileName)) }
    }
  }

  /// The stage that ran.
  public var stage: Stage
  /// The status of the stretch.
  public var status: RunStatus
  /// ISO 8601, UTC.
  public var start: String
  /// nil while it runs; of a stretch that died, when it last wrote an event.
  public var end: String?
  /// The program and its arguments.
  public var command: [String]
  /// The hyperparameters of the trainer, the model and the data that are not their type's defaults, by their names on
  /// the command line.
  public var options: [String: String]
  /// The seed of the default generator; a resumed training restores its earlier state.
  public var seed: UInt64
  /// Optimizer steps.
  public var steps: Steps
  /// The checkpoint that it began with; nil where it began afresh.
  public var checkpoint: Source?
  /// The notes about options and data that differ from the checkpoint's.
  public var notes: [String]
  /// `levin`, and the operating system.
  public var versions: [String: String]
  /// The commit of the repository that it was started in; nil outside of one.
  public var commit: String?
  /// The fingerprints of the datasets that give one, by what they are used for.
  public var dataHashes: [String: String]
  /// The instruction set of the kernels: `avx512`, `avx2` or `plain`.
  public var instructionSet: String
  /// The threads that share large kernels.
  public var threadCount: Int
  /// The name of the machine.
  public var host: String
  /// The process.
  public var pid: Int32

  /// Seconds from start to end; nil while it runs.
  public var length: Double? {
    guard let end, let start = Self.date(start), let end = Self.date(end) else { return nil }
    return max(0, end.timeIntervalSince(start))
  }

  private static func date(_ text: String) -> Date? {
    try? Date(text, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
  }
}

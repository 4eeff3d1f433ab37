internal import Foundation
internal import LevinSystem

/// One stretch of work on a run, as listed in `run.json`: a training, a resumed training, a
/// validation or a test.
public struct RunStretch: Codable, Sendable, Hashable {
  /// The numbers of optimizer steps at the beginning and at the end of a stretch.
  public struct Steps: Codable, Sendable, Hashable {
    /// The number at its beginning.
    public var from: Int
    /// The number at its end; nil while it is in progress, or if it died.
    public var to: Int?
  }

  /// The checkpoint that a stretch began with.
  public struct Source: Codable, Sendable, Hashable {
    /// The path of the file.
    public var path: String
    /// The folder of the run that wrote it; nil if it is not in a run's folder.
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
  /// When it began: ISO 8601, UTC.
  public var start: String
  /// When it ended; nil while it is in progress.
  ///
  /// For a stretch that died, this is when it last wrote an event.
  public var end: String?
  /// The program and its arguments.
  public var command: [String]
  /// The hyperparameters of the trainer, the model and the data that differ from their defaults, by their names on
  /// the command line.
  public var options: [String: String]
  /// The seed of the default generator; a resumed training restores the generator's earlier state.
  public var seed: UInt64
  /// The optimizer steps.
  public var steps: Steps
  /// The checkpoint that it began with; nil if it began from scratch.
  public var checkpoint: Source?
  /// The notes about options and data that differ from the checkpoint's.
  public var notes: [String]
  /// The versions of `levin` and of the operating system.
  public var versions: [String: String]
  /// The commit of the repository in which it was started; nil outside a repository.
  public var commit: String?
  /// The fingerprints of the datasets that have one, by what they are used for.
  public var dataHashes: [String: String]
  /// The instruction set of the kernels: `avx512`, `avx2` or `plain`.
  public var instructionSet: String
  /// The number of threads that share large kernels.
  public var threadCount: Int
  /// The name of the machine.
  public var host: String
  /// The process ID.
  public var pid: Int32

  /// The seconds from start to end; nil while it is in progress.
  public var length: Double? {
    guard let end, let start = Self.date(start), let end = Self.date(end) else { return nil }
    return max(0, end.timeIntervalSince(start))
  }

  private static func date(_ text: String) -> Date? {
    try? Date(text, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
  }
}

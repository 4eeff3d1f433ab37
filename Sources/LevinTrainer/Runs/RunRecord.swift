internal import Foundation
internal import LevinSystem

/// The content of `run.json`: the run's status, and each stretch of work on it.
///
/// Besides the list, the file has the run's start, command, seed and machine, which are those of the first stretch.
public struct RunRecord: Sendable, Hashable {
  /// The name of the file in the run's folder.
  public static let fileName = "run.json"

  /// The status of the run.
  public var status: RunStatus
  /// The number of finished training epochs; nil while the run is in progress.
  public var epochs: Int?
  /// The number of optimizer steps made; nil while the run is in progress.
  public var steps: Int?
  /// The type of the model; nil in records from before this was kept.
  public var model: String?
  /// The number of elements in the model's parameters.
  public var parameters: Int?
  /// The stretches in chronological order; at least one.
  public internal(set) var stretches: [RunStretch]

  /// When the run began: ISO 8601, UTC.
  public var start: String { stretches[0].start }
  /// When the last stretch ended; nil while it is in progress.
  public var end: String? { stretches[stretches.count - 1].end }
  /// The seconds of work: the sum of all stretches that have ended, without the time between them.
  public var length: Double {
    let sum = stretches.reduce(0) { $0 + ($1.length ?? 0) }
    return (sum * 1000).rounded() / 1000
  }
  /// The program and arguments that began the run.
  public var command: [String] { stretches[0].command }
  /// The seed of the default generator at the run's beginning.
  public var seed: UInt64 { stretches[0].seed }

  /// The current stretch, or the last one.
  var last: RunStretch {
    get { stretches[stretches.count - 1] }
    set { stretches[stretches.count - 1] = newValue }
  }

  /// Records that the current stretch has ended.
  mutating func end(_ status: RunStatus) {
    self.status = status
    last.status = status
    last.end = Self.now()
  }

  /// The record of a run that no process is working on: a stretch recorded as running has died.
  func markingDeadStretches(in folder: String) -> RunRecord {
    var record = self
    for index in record.stretches.indices where record.stretches[index].status == .running {
      record.stretches[index].status = .died
      let end = FileSystem.names(in: folder).filter { $0.contains("tfevents") }
        .compactMap { try? FileStatus(RunFolder.joined(folder, $0)).modificationTime }.max()
      record.stretches[index].end = end.map {
        Self.text(Date(timeIntervalSince1970: Double($0) / 1e9))
      }
    }
    return record
  }

  /// Pretty JSON with sorted keys.
  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // Strings, finite numbers and nils only: encoding them cannot fail.
    let data = (try? encoder.encode(self)) ?? Data()
    return Array(data) + Array("\n".utf8)
  }

  /// Reads a record; nil if there is none or it is not valid.
  public static func read(fromRun folder: String) -> RunRecord? {
    guard let data = FileManager.default.contents(atPath: RunFolder.joined(folder, fileName)) else {
      return nil
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(RunRecord.self, from: data)
  }

  /// The current time as the record writes it.
  static func now() -> String { text(Date()) }

  /// A time as the record writes it.
  static func text(_ date: Date) -> String {
    date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)) + "Z"
  }
}

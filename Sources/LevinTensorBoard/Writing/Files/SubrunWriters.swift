import Synchronization

/// The writers of runs below a run's folder, created on first use.
final class SubrunWriters: Sendable {
  private let directory: String
  private let writers = Mutex<[String: SummaryWriter]>([:])

  init(directory: String) { self.directory = directory }

  func writer(_ name: String) throws -> SummaryWriter {
    try writers.withLock { writers in
      if let known = writers[name] { return known }
      let writer = try SummaryWriter(directory: directory + "/" + name)
      writers[name] = writer
      return writer
    }
  }

  /// Calls `body` with each writer; throws the first error after calling all.
  func forEach(_ body: (SummaryWriter) throws -> Void) throws {
    let results = writers.withLock { Array($0.values) }.map { writer in
      Result { try body(writer) }
    }
    for result in results { try result.get() }
  }
}

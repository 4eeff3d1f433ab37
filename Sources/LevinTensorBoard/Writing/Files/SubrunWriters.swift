import Synchronization

/// The writers of runs below a run's folder, made when first asked for.
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

  func forEach(_ body: (SummaryWriter) throws -> Void) throws {
    for writer in writers.withLock({ $0.values.map { $0 } }) { try body(writer) }
  }
}

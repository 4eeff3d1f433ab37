import Foundation

/// The bounded queue between the logging threads and the one thread that encodes and writes.
///
/// `@unchecked Sendable`: `condition` guards all state; only the writing thread touches the file.
final class WriterQueue: @unchecked Sendable {
  private let directory: String
  private let capacity: Int
  private let condition = NSCondition()
  /// The step at which the first file begins; later files begin at their first event.
  private var purgeStep: Int64?
  private var pending: [PendingEvent] = []
  // Numbers of events: accepted from callers, handed to the system, on the disk, requested on the disk by a flush.
  private var accepted = 0
  private var written = 0
  private var synchronized = 0
  private var synchronizeUpTo = 0
  private var wantsClose = false
  private var isRunning = false
  private var failure: (any Error)?

  init(directory: String, purgeStep: Int64?, capacity: Int) {
    self.directory = directory
    self.purgeStep = purgeStep
    self.capacity = max(1, capacity)
  }

  /// Adds an event; waits while the queue is full.
  ///
  /// After a failure, events are dropped, and ``flush()`` and ``close()`` throw the failure.
  func enqueue(_ event: PendingEvent) {
    condition.lock()
    defer { condition.unlock() }
    while pending.count >= capacity, failure == nil { condition.wait() }
    guard failure == nil else { return }
    pending.append(event)
    accepted += 1
    if !isRunning {
      isRunning = true
      let thread = Thread { [self] in run() }
      thread.name = "levin.events"
      thread.start()
    } else if pending.count == 1 {
      condition.broadcast()
    }
  }

  /// Returns when everything enqueued before is on the disk.
  func flush() throws {
    condition.lock()
    defer { condition.unlock() }
    try waitUntilSynchronized()
  }

  /// Flushes and ends the thread; the next event opens a new file.
  func close() throws {
    condition.lock()
    defer { condition.unlock() }
    try waitUntilSynchronized()
    guard isRunning else { return }
    wantsClose = true
    condition.broadcast()
    while wantsClose { condition.wait() }
    if let failure { throw failure }
  }

  private func waitUntilSynchronized() throws {
    let target = accepted
    synchronizeUpTo = target
    condition.broadcast()
    while failure == nil, synchronized < target { condition.wait() }
    if let failure { throw failure }
  }

  /// The body of the writing thread.
  private func run() {
    var file: EventFile?
    do {
      while let (events, synchronizes) = take(closing: &file) {
        if file == nil, let first = events.first { file = try makeFile(first) }
        try file?.append(events)
        if synchronizes { try file?.synchronize() }
        condition.withLock {
          written += events.count
          if synchronizes { synchronized = written }
          condition.broadcast()
        }
      }
    } catch {
      file = nil
      condition.withLock {
        failure = error
        pending.removeAll()
        wantsClose = false
        isRunning = false
        condition.broadcast()
      }
    }
  }

  private func makeFile(_ first: PendingEvent) throws -> EventFile {
    let step = condition.withLock {
      defer { purgeStep = nil }
      return purgeStep
    }
    return try EventFile(in: directory, purgeStep: step, firstStep: first.step)
  }

  /// Takes the waiting events, and whether a flush waits for them or for earlier ones; nil when the thread should
  /// end.
  ///
  /// Closes the file if requested. Everything before that has been flushed by then; later events go to a new file.
  private func take(closing file: inout EventFile?) -> ([PendingEvent], synchronizes: Bool)? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if wantsClose {
        // Another thread's events may have been written since the flush that came before the closing.
        if written > synchronized { return ([], synchronizes: true) }
        file = nil
        wantsClose = false
        condition.broadcast()
        if pending.isEmpty {
          isRunning = false
          return nil
        }
      }
      if !pending.isEmpty || synchronizeUpTo > synchronized { break }
      condition.wait()
    }
    defer {
      pending.removeAll(keepingCapacity: true)
      condition.broadcast()
    }
    return (pending, synchronizeUpTo > synchronized)
  }
}

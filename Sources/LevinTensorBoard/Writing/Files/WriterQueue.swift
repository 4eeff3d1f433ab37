import Foundation

/// The bounded queue between those who log and the one thread that encodes and writes.
///
/// Unchecked: all state is guarded by `condition`; the file is touched by the writing thread alone.
final class WriterQueue: @unchecked Sendable {
  private let directory: String
  private let purgeStep: Int64?
  private let capacity: Int
  private let condition = NSCondition()
  private var pending: [PendingEvent] = []
  private var accepted = 0
  private var written = 0
  private var synchronizeUpTo = 0
  private var wantsClose = false
  private var isRunning = false
  private var failure: (any Error)?

  init(directory: String, purgeStep: Int64?, capacity: Int) {
    self.directory = directory
    self.purgeStep = purgeStep
    self.capacity = capacity
  }

  /// Takes an event; waits while the queue is full.
  ///
  /// After a failure events are dropped, and the failure is thrown by ``flush()`` and ``close()``.
  func enqueue(_ event: PendingEvent) {
    condition.lock()
    defer { condition.unlock() }
    while pending.count >= capacity, failure == nil { condition.wait() }
    guard failure == nil else { return }
    pending.append(event)
    accepted += 1
    if !isRunning {
      isRunning = true
      wantsClose = false
      let thread = Thread { [self] in run() }
      thread.name = "levin.events"
      thread.start()
    } else if pending.count == 1 {
      condition.broadcast()
    }
  }

  /// Returns when everything before it is on the disk.
  func flush() throws {
    condition.lock()
    defer { condition.unlock() }
    try waitUntilWritten()
  }

  /// Flushes and ends the thread; the next event opens a new file.
  func close() throws {
    condition.lock()
    defer { condition.unlock() }
    defer {
      wantsClose = true
      condition.broadcast()
      while isRunning { condition.wait() }
    }
    try waitUntilWritten()
  }

  private func waitUntilWritten() throws {
    synchronizeUpTo = accepted
    condition.broadcast()
    while isRunning, failure == nil, written < synchronizeUpTo { condition.wait() }
    if let failure { throw failure }
  }

  private func run() {
    var file: EventFile?
    let (encoder, records) = (EventEncoder(), RecordBuffer())
    do {
      while let (events, synchronizes) = take() {
        if file == nil, let first = events.first {
          file = try EventFile(in: directory, step: purgeStep ?? first.step)
        }
        records.removeAll()
        for event in events { encoder.append(event, to: records) }
        try file?.write(records.bytes)
        if synchronizes { try file?.synchronize() }
        condition.withLock {
          written += events.count
          condition.broadcast()
        }
      }
      file = nil
    } catch {
      condition.withLock {
        failure = error
        pending.removeAll()
      }
    }
    condition.withLock {
      isRunning = false
      condition.broadcast()
    }
  }

  /// The events that wait, and whether a flush waits for them; nil when the file is to be closed.
  private func take() -> ([PendingEvent], synchronizes: Bool)? {
    condition.lock()
    defer { condition.unlock() }
    while pending.isEmpty {
      if wantsClose { return nil }
      condition.wait()
    }
    defer {
      pending.removeAll(keepingCapacity: true)
      condition.broadcast()
    }
    return (pending, synchronizeUpTo > written)
  }
}

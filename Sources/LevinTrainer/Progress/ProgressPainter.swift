import Foundation
import Synchronization

/// A thread that shows a run's progress: in a terminal by painting one line again and again, elsewhere by printing a line
/// now and then.
///
/// It reads numbers that the loops store without waiting. `@unchecked Sendable`: the thread reads only atomics;
/// `condition` guards the flags.
final class ProgressPainter: @unchecked Sendable {
  private let status: @Sendable () -> ProgressStatus
  private let line: @Sendable (ProgressStatus, Int) -> String
  /// The seconds between two lines.
  private let interval: Double
  private let paints: Bool
  private let condition = NSCondition()
  private var wantsEnd = false
  private var isRunning = false

  /// - Parameters:
  ///   - line: The line to show, in less than a number of columns.
  ///   - interval: The seconds between two lines.
  ///   - paints: Whether each line replaces the one before.
  init(
    interval: Double, paints: Bool, status: @escaping @Sendable () -> ProgressStatus,
    line: @escaping @Sendable (ProgressStatus, Int) -> String
  ) {
    (self.interval, self.paints) = (interval, paints)
    (self.status, self.line) = (status, line)
  }

  func start() {
    condition.withLock { isRunning = true }
    let thread = Thread { [self] in run() }
    thread.name = "levin.progress"
    thread.start()
  }

  /// Waits for the thread to end; `leaves` keeps the last line on the screen.
  func stop(leaves: Bool) {
    condition.lock()
    wantsEnd = true
    condition.broadcast()
    while isRunning { condition.wait() }
    condition.unlock()
    if paints { Terminal.endPainting(leaving: leaves ? text : nil) }
  }

  private var text: String { line(status(), paints ? Terminal.width : .max) }

  private func run() {
    condition.lock()
    var next = Date(timeIntervalSinceNow: paints ? 0 : interval)
    while !wantsEnd {
      if Date() < next {
        _ = condition.wait(until: next)
        continue
      }
      condition.unlock()
      if paints { Terminal.paint(text) } else { Terminal.print(text) }
      condition.lock()
      next = Date(timeIntervalSinceNow: interval)
    }
    isRunning = false
    condition.broadcast()
    condition.unlock()
  }
}

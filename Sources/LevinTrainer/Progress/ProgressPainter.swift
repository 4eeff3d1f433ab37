import Foundation
import Synchronization

/// A thread that paints a training's progress ten times a second.
///
/// It reads numbers that the loops store without waiting. `@unchecked Sendable`: the thread reads only atomics;
/// `condition` guards `thread` and the flags.
final class ProgressPainter: @unchecked Sendable {
  private let progress: TrainingProgress
  private let metrics: LiveMetrics
  private let lastEpoch: Int?
  private let version: Int?
  private let condition = NSCondition()
  private var wantsEnd = false
  private var isRunning = false

  init(_ progress: TrainingProgress, _ metrics: LiveMetrics, lastEpoch: Int?, version: Int?) {
    self.progress = progress
    self.metrics = metrics
    self.lastEpoch = lastEpoch
    self.version = version
  }

  func start() {
    condition.withLock { isRunning = true }
    let thread = Thread { [self] in run() }
    thread.name = "levin.progress"
    thread.start()
  }

  /// Paints once more and waits for the thread to end; `leaves` keeps the last line on the screen.
  func stop(leaves: Bool) {
    condition.lock()
    wantsEnd = true
    condition.broadcast()
    while isRunning { condition.wait() }
    condition.unlock()
    Terminal.endPainting(
      leaving: leaves ? line.text(width: Terminal.width, hasColor: Terminal.hasColor) : nil
    )
  }

  private func run() {
    condition.lock()
    while !wantsEnd {
      condition.unlock()
      Terminal.paint(line.text(width: Terminal.width, hasColor: Terminal.hasColor))
      condition.lock()
      if !wantsEnd { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1)) }
    }
    isRunning = false
    condition.broadcast()
    condition.unlock()
  }

  /// The current line.
  private var line: ProgressLine {
    let phase = progress.phase.load(ordering: .relaxed)
    let epoch = progress.epoch.load(ordering: .relaxed)
    let shown = metrics.values().filter { !$0.name.hasSuffix("_step") }
    var named =
      shown.filter(\.isForProgressBar)
      + shown.filter { !$0.isForProgressBar }
      .sorted { $0.name < $1.name }
    named.removeAll { $0.name == "epoch" }
    return ProgressLine(
      title: title(TrainingProgress.Phase(rawValue: phase) ?? .idle, epoch),
      done: progress.batch.load(ordering: .relaxed),
      total: progress.batchCount.load(ordering: .relaxed),
      first: progress.firstBatch.load(ordering: .relaxed), elapsed: progress.passSeconds,
      metrics: named.map { ($0.name, $0.value) }, version: version)
  }

  private func title(_ phase: TrainingProgress.Phase, _ epoch: Int) -> String {
    switch phase {
    case .idle: "Starting"
    case .sanityCheck: "Sanity Checking"
    case .training: "Epoch \(epoch)" + (lastEpoch.map { "/\($0)" } ?? "")
    case .validation: "Validation"
    case .testing: "Testing"
    case .predicting: "Predicting"
    }
  }
}

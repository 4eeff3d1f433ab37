internal import LevinSystem
internal import Synchronization

/// How the loops report their progress.
extension TrainingProgress {
  func enter(_ newPhase: Phase) { phase.store(newPhase.rawValue, ordering: .relaxed) }

  func beginPass(batches: Int, done: Int = 0) {
    passStart.store(Clock.uptime, ordering: .relaxed)
    firstBatch.store(done, ordering: .relaxed)
    batchCount.store(batches, ordering: .relaxed)
    batch.store(done, ordering: .relaxed)
  }

  /// A pass that another one interrupts.
  struct Interrupted {
    fileprivate let phase, batch, batchCount, firstBatch: Int
    fileprivate let passStart, time: UInt64
  }

  func interrupt() -> Interrupted {
    Interrupted(
      phase: phase.load(ordering: .relaxed), batch: batch.load(ordering: .relaxed),
      batchCount: batchCount.load(ordering: .relaxed),
      firstBatch: firstBatch.load(ordering: .relaxed),
      passStart: passStart.load(ordering: .relaxed), time: Clock.uptime)
  }

  /// Continues a pass; the time spent on the other one does not count.
  func resume(_ pass: Interrupted) {
    passStart.store(pass.passStart &+ (Clock.uptime &- pass.time), ordering: .relaxed)
    firstBatch.store(pass.firstBatch, ordering: .relaxed)
    batchCount.store(pass.batchCount, ordering: .relaxed)
    batch.store(pass.batch, ordering: .relaxed)
    phase.store(pass.phase, ordering: .relaxed)
  }

  /// Seconds since the pass began.
  var passSeconds: Double {
    let start = passStart.load(ordering: .relaxed)
    return start == 0 ? 0 : Double(Clock.uptime &- start) / 1e9
  }

  func beginEpoch(_ number: Int) { epoch.store(number, ordering: .relaxed) }

  @inline(__always)
  func finishBatch(_ done: Int) { batch.store(done, ordering: .relaxed) }

  /// The position of the loops, for error messages; nil outside the loops.
  var place: String? {
    let (epoch, batch) = (epoch.load(ordering: .relaxed), batch.load(ordering: .relaxed))
    return switch Phase(rawValue: phase.load(ordering: .relaxed)) ?? .idle {
    case .idle: nil
    case .sanityCheck: "in the sanity check, batch \(batch)"
    case .training: "in training, epoch \(epoch), batch \(batch)"
    case .validation: "in validation, epoch \(epoch), batch \(batch)"
    case .testing: "in the test, batch \(batch)"
    case .predicting: "in prediction, batch \(batch)"
    }
  }
}

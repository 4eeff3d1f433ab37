internal import Synchronization

/// What the loops tell about where they stand.
extension TrainingProgress {
  func enter(_ newPhase: Phase) { phase.store(newPhase.rawValue, ordering: .relaxed) }

  func beginPass(batches: Int, done: Int = 0) {
    batchCount.store(batches, ordering: .relaxed)
    batch.store(done, ordering: .relaxed)
  }

  func beginEpoch(_ number: Int) { epoch.store(number, ordering: .relaxed) }

  @inline(__always)
  func finishBatch(_ done: Int) { batch.store(done, ordering: .relaxed) }

  /// Where the loops stand, as an error names it.
  var place: String {
    let (epoch, batch) = (epoch.load(ordering: .relaxed), batch.load(ordering: .relaxed))
    return switch Phase(rawValue: phase.load(ordering: .relaxed)) ?? .idle {
    case .idle: "outside of a loop"
    case .sanityCheck: "in the sanity check, batch \(batch)"
    case .training: "in training, epoch \(epoch), batch \(batch)"
    case .validation: "in validation, epoch \(epoch), batch \(batch)"
    case .testing: "in the test, batch \(batch)"
    case .predicting: "in prediction, batch \(batch)"
    }
  }
}

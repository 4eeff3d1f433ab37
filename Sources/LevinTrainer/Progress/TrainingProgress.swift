public import Synchronization

/// The progress of a training: written by the loops with one relaxed store per step, read by the progress bar's thread.
public final class TrainingProgress: Sendable {
  /// What is running.
  public enum Phase: Int, Sendable {
    case idle, sanityCheck, training, validation, testing, predicting
  }
  /// The raw value of the ``Phase`` that is running.
  public let phase = Atomic<Int>(0)
  /// The epoch, from 0.
  public let epoch = Atomic<Int>(0)
  /// Batches done in this pass.
  public let batch = Atomic<Int>(0)
  /// Batches of this pass.
  public let batchCount = Atomic<Int>(0)
  /// Batches that were done when the pass began: those of an earlier run.
  let firstBatch = Atomic<Int>(0)
  /// When the pass began, in nanoseconds of the system's uptime; later by as long as it was interrupted.
  let passStart = Atomic<UInt64>(0)
  /// Nothing is running.
  public init() {}
}

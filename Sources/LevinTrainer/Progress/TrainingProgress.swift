public import Synchronization

/// The progress of a training.
///
/// The loops write it with one relaxed store per step; the progress bar's thread reads it.
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
  /// The number of batches in this pass.
  public let batchCount = Atomic<Int>(0)
  /// Batches that were done when the pass began, in an earlier run.
  let firstBatch = Atomic<Int>(0)
  /// When the pass began, in nanoseconds of the system's uptime, shifted by the time for which it was interrupted.
  let passStart = Atomic<UInt64>(0)
  /// Creates the progress of an idle trainer.
  public init() {}
}

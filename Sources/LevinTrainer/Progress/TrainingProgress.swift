public import Synchronization

/// Where a training stands: written by the loops with one relaxed store a step, read by a timer that paints.
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
  /// Nothing is running.
  public init() {}
}

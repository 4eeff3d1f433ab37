public import Synchronization

/// Where a training stands: written by the loops with one relaxed store a step, read by a timer that paints.
public final class TrainingProgress: Sendable {
  /// What is running.
  public enum Phase: Int, Sendable {
    case idle, sanityCheck, training, validation, testing, predicting
  }
  public let phase = Atomic<Int>(0)
  public let epoch = Atomic<Int>(0)
  /// Batches done in this pass.
  public let batch = Atomic<Int>(0)
  /// Batches of this pass.
  public let batchCount = Atomic<Int>(0)
  public init() {}
}

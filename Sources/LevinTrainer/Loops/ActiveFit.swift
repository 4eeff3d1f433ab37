internal import LevinOptimizers
internal import LevinTensor

/// A training in progress, as the trainer sees it, without the type of its batches.
protocol ActiveFit: AnyObject {
  var optimizers: [LightningOptimizer] { get }
  var schedulers: [LearningRateScheduler] { get set }
  var validates: Bool { get }
  /// Whether no gradients wait for more batches.
  var isBetweenSteps: Bool { get }
  /// Whether a validation follows the batch that was trained.
  func isValidationDue() throws -> Bool
  /// The state of the training, from which it can resume with the next batch.
  var resumePoint: ResumePoint { get throws }
  /// The state of the training when a checkpoint was last written.
  var savedState: LoopState? { get set }
  /// Computes the running statistics of batch normalization anew, from the training batches.
  func recomputeStatistics() throws
  /// Computes a batch once more, and returns the first operation that gives NaN.
  func anomaly(in batch: BatchContext) throws -> AnomalyError?
  /// Computes gradients, with the hooks before and after.
  func computeGradients(of loss: Tensor) throws
}

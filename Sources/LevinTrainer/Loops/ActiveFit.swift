internal import LevinOptimizers

/// A training in progress, as the trainer sees it, without the type of its batches.
protocol ActiveFit: AnyObject {
  var module: LightningModuleBase { get }
  var optimizers: [Optimizer] { get }
  var validates: Bool { get }
  /// The state of the training, from which it can resume with the next batch.
  var resumePoint: ResumePoint { get }
  /// The state of the training when a checkpoint was last written.
  var savedState: LoopState? { get set }
}

internal import LevinOptimizers

/// A training under way, as the trainer sees it without the type of its batches.
protocol ActiveFit: AnyObject {
  var module: LightningModuleBase { get }
  var optimizers: [Optimizer] { get }
  var validates: Bool { get }
  /// Where the training stands, so that it can go on with the very next batch.
  var resumePoint: ResumePoint { get }
  /// Where the training stood when a checkpoint was written last.
  var savedState: LoopState? { get set }
}

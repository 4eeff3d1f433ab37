/// Something that a profiler measures.
public final class ProfiledAction: Sendable {
  /// The kinds of action.
  public enum Kind: String, Sendable {
    /// A hook of a module, a callback or a data module.
    case hook
    /// A step of a module, its backward pass, or an optimizer's step.
    case step
    /// The whole of a batch or an epoch.
    case loop
    /// Waiting for the next batch.
    case loading
    /// Writing to a logger.
    case logging
    /// Writing a checkpoint.
    case checkpoint
    /// What ``Profiler/profile(_:_:)`` measures.
    case user
  }

  /// The name: `[LightningModule]Net.trainingStep`, `[Callback]EarlyStopping.onFitStart`, `runTrainingBatch`.
  public let name: String
  /// The kind.
  public let kind: Kind

  /// Creates an action; each one that is created is counted apart.
  public init(_ name: String, _ kind: Kind) { (self.name, self.kind) = (name, kind) }

  static let trainingEpoch = ProfiledAction("runTrainingEpoch", .loop)
  static let trainingBatch = ProfiledAction("runTrainingBatch", .loop)
  static let trainingBatchNext = ProfiledAction("[FitLoop].trainDataLoaderNext", .loading)
  static let logMetrics = ProfiledAction("[Logger].logMetrics", .logging)
  static let flushLoggers = ProfiledAction("[Logger].flush", .logging)
  static let saveCheckpoint = ProfiledAction("[Trainer].saveCheckpoint", .checkpoint)
}

extension Pass {
  /// The whole of a batch of the pass, and waiting for one.
  var actions: (batch: ProfiledAction, next: ProfiledAction) {
    switch kind {
    case .sanityCheck, .validation: Self.validationActions
    case .test: Self.testActions
    case .prediction: Self.predictionActions
    }
  }

  private static let validationActions = actions("val")
  private static let testActions = actions("test")
  private static let predictionActions = actions("predict")

  private static func actions(_ name: String) -> (batch: ProfiledAction, next: ProfiledAction) {
    (
      ProfiledAction("[EvaluationLoop].\(name)Batch", .loop),
      ProfiledAction("[EvaluationLoop].\(name)Next", .loading)
    )
  }
}

internal import LevinData

/// The state of a training apart from the weights: everything needed to resume with the next batch.
struct ResumePoint {
  var loop = LoopState()
  /// The pass over the training batches; nil between epochs.
  var position: LoaderPosition?
  /// The states of the random number generators: `default`, and those that the loaders own.
  var random: [String: [UInt8]] = [:]
  /// What has been logged in this epoch so far, and in the last validation.
  var trainingMetrics: [LoggedMetric.Saved] = []
  var validationMetrics: [LoggedMetric.Saved] = []
}

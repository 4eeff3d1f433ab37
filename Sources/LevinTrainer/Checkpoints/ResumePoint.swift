internal import LevinData

/// Where a training stands, all of it but the weights: what it takes to go on with the very next batch.
struct ResumePoint {
  var loop = LoopState()
  /// The pass over the training batches; nil between epochs.
  var position: LoaderPosition?
  /// The states of the random number generators: `default`, and those that the loaders own.
  var random: [String: [UInt8]] = [:]
  /// What was logged so far in this epoch, and in the last validation.
  var trainingMetrics: [LoggedMetric.Saved] = []
  var validationMetrics: [LoggedMetric.Saved] = []
}

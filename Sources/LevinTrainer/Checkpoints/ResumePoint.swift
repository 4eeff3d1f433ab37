internal import LevinData
internal import LevinTensor

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
  /// The states of the module's metric objects, by path.
  var metricObjects: [String: [String: Tensor]] = [:]
  /// The states of the learning rate schedulers, in their order.
  var schedulers: [[String: [Double]]] = []
  /// The state of the data module, as it gave it.
  var data: String?
  /// The seconds of training so far, for a limit of time.
  var seconds = 0.0
}

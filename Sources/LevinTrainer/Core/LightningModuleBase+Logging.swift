public import LevinTensor

extension LightningModuleBase {
  /// Logs a number with Lightning's defaults for the hook it is called from: the value of the step in a training
  /// step, the mean over the pass in a validation or test step, the value of the epoch in an epoch hook.
  ///
  /// An invalid call (a tensor of several elements, a hook in which nothing can be logged, the same name with
  /// different arguments) ends the run with a ``LoggingError`` when the hook returns. Outside a run it does nothing.
  ///
  /// - Parameters:
  ///   - value: One element, of any dtype.
  ///   - progressBar: Whether the progress bar shows it ahead of other metrics.
  ///   - logger: Whether the trainer's logger gets it.
  ///   - onStep: Whether to log the value of each step (in training, of every `logEveryNSteps`-th).
  ///   - onEpoch: Whether to log one value for the epoch. With both, the logger gets `name_step` and
  ///     `name_epoch`.
  ///   - reduce: How the values of an epoch are combined.
  ///   - batchSize: The weight of the value in the mean; the batch's sample count by default.
  public final func log(
    _ name: String, _ value: Tensor, progressBar: Bool = false, logger: Bool = true,
    onStep: Bool? = nil, onEpoch: Bool? = nil, reduce: MetricReduction = .mean,
    batchSize: Int? = nil
  ) {
    context?.log(
      name, value, progressBar: progressBar, logger: logger, onStep: onStep, onEpoch: onEpoch,
      reduction: reduce, batchSize: batchSize)
  }

  /// Logs a number, like ``log(_:_:progressBar:logger:onStep:onEpoch:reduce:batchSize:)-(_,Tensor,_,_,_,_,_,_)``.
  public final func log(
    _ name: String, _ value: Double, progressBar: Bool = false, logger: Bool = true,
    onStep: Bool? = nil, onEpoch: Bool? = nil, reduce: MetricReduction = .mean,
    batchSize: Int? = nil
  ) {
    context?.log(
      name, value, progressBar: progressBar, logger: logger, onStep: onStep, onEpoch: onEpoch,
      reduction: reduce, batchSize: batchSize)
  }

  /// Logs several numbers with the same arguments.
  public final func log(
    _ values: KeyValuePairs<String, Tensor>, progressBar: Bool = false, logger: Bool = true,
    onStep: Bool? = nil, onEpoch: Bool? = nil, reduce: MetricReduction = .mean,
    batchSize: Int? = nil
  ) {
    for (name, value) in values {
      log(
        name, value, progressBar: progressBar, logger: logger, onStep: onStep, onEpoch: onEpoch,
        reduce: reduce, batchSize: batchSize)
    }
  }
}

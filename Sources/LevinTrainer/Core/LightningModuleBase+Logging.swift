public import LevinMetrics
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
  ///   - addLoaderIndex: Whether the name ends with `/dataloader_idx_` and a number if an evaluation has several loaders;
  ///     if not, they are combined.
  public final func log(
    _ name: String, _ value: Tensor, progressBar: Bool = false, logger: Bool = true,
    onStep: Bool? = nil, onEpoch: Bool? = nil, reduce: MetricReduction = .mean,
    batchSize: Int? = nil, addLoaderIndex: Bool = true
  ) {
    context?.log(
      name, value,
      .init(
        progressBar: progressBar, logger: logger, onStep: onStep, onEpoch: onEpoch,
        reduction: reduce, batchSize: batchSize, addsLoaderIndex: addLoaderIndex))
  }

  /// Logs a number, like
  /// ``log(_:_:progressBar:logger:onStep:onEpoch:reduce:batchSize:addLoaderIndex:)-(_,Tensor,_,_,_,_,_,_,_)``.
  public final func log(
    _ name: String, _ value: Double, progressBar: Bool = false, logger: Bool = true,
    onStep: Bool? = nil, onEpoch: Bool? = nil, reduce: MetricReduction = .mean,
    batchSize: Int? = nil, addLoaderIndex: Bool = true
  ) {
    context?.log(
      name, .number(value),
      .init(
        progressBar: progressBar, logger: logger, onStep: onStep, onEpoch: onEpoch,
        reduction: reduce, batchSize: batchSize, addsLoaderIndex: addLoaderIndex))
  }

  /// Logs a metric object that has taken the batch before: its value over all batches for the epoch, and with `onStep`
  /// the batch's own value, as its call returned it.
  ///
  ///     accuracy(output, labels)
  ///     log("val/acc", accuracy)
  ///
  /// One with several values, such as a `MinMaxMetric`, is logged as `name/min` and so on.
  ///
  /// The trainer resets it when the next epoch begins, and a checkpoint in mid-epoch keeps its state if the module has it
  /// in a stored property.
  public final func log(
    _ name: String, _ metric: any LoggableMetric, progressBar: Bool = false, logger: Bool = true,
    onStep: Bool? = nil, onEpoch: Bool? = nil, addLoaderIndex: Bool = true
  ) {
    context?.log(
      name, .object(metric),
      .init(
        progressBar: progressBar, logger: logger, onStep: onStep, onEpoch: onEpoch,
        reduction: .mean, batchSize: nil, addsLoaderIndex: addLoaderIndex))
  }

  /// Logs several numbers with the same arguments (Lightning's `log_dict`).
  public final func log(
    _ values: KeyValuePairs<String, Tensor>, progressBar: Bool = false, logger: Bool = true,
    onStep: Bool? = nil, onEpoch: Bool? = nil, reduce: MetricReduction = .mean,
    batchSize: Int? = nil, addLoaderIndex: Bool = true
  ) {
    for (name, value) in values {
      log(
        name, value, progressBar: progressBar, logger: logger, onStep: onStep, onEpoch: onEpoch,
        reduce: reduce, batchSize: batchSize, addLoaderIndex: addLoaderIndex)
    }
  }

  /// Logs several numbers in the order of their names, such as the values that a ``LevinMetrics/MetricCollection`` returns
  /// (Lightning's `log_dict`).
  public final func logDictionary(
    _ values: [String: Tensor], progressBar: Bool = false, logger: Bool = true,
    onStep: Bool? = nil, onEpoch: Bool? = nil, reduce: MetricReduction = .mean,
    batchSize: Int? = nil, addLoaderIndex: Bool = true
  ) {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      log(
        name, value, progressBar: progressBar, logger: logger, onStep: onStep, onEpoch: onEpoch,
        reduce: reduce, batchSize: batchSize, addLoaderIndex: addLoaderIndex)
    }
  }

  /// Logs the metrics of a collection under their names.
  public final func logDictionary(
    _ metrics: MetricCollection, progressBar: Bool = false, logger: Bool = true,
    onStep: Bool? = nil, onEpoch: Bool? = nil, addLoaderIndex: Bool = true
  ) {
    for (name, metric) in metrics.metrics.sorted(by: { $0.key < $1.key }) {
      log(
        metrics.prefix + name, metric, progressBar: progressBar, logger: logger, onStep: onStep,
        onEpoch: onEpoch,
        addLoaderIndex: addLoaderIndex)
    }
  }
}

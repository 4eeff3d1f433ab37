public import LevinTensor

/// Why the trainer cannot run.
public enum TrainerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A method that the run needs is not overridden.
  case notOverridden(method: String, type: String, reason: String)
  /// A value of the configuration is invalid; its key is as in YAML.
  case configuration(key: String, found: String, expected: String)
  /// A limit leaves no batch of a loader.
  case limitTooSmall(key: String, found: String, smallest: String)
  /// The loss is not a scalar.
  case lossNotScalar(shape: String, epoch: Int, batch: Int)
  /// A NaN was found, and the configuration asks to look for them.
  case anomaly(AnomalyError, epoch: Int, batch: Int)
  /// A metric that a callback watches was not logged.
  case unknownMetric(name: String, callback: String, known: [String])
  /// `validate` has no loader.
  case noValidationData(type: String)
  /// The module and the data module have different values for one hyperparameter.
  case hyperparameterConflict(key: String)
  /// There is not exactly one optimizer, although the trainer is to step it.
  case optimizerCount(Int, type: String)
  /// A scheduler is made from the number of steps, but the training has no end.
  case unknownSteps
  /// A scheduler that follows a metric does not say which.
  case noMonitor(scheduler: String, known: [String])
  /// An option is for automatic optimization only.
  case notManual(key: String)
  /// The batches have a type that cannot be converted to the precision.
  case precision(batch: String)
  /// A prediction has another type than the caller expects.
  case predictionType(found: String, expected: String)
  /// An optimizer has nothing to train.
  case noParameters(optimizer: String, type: String, isModuleEmpty: Bool)
  /// The trainer is already running.
  case isRunning

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .notOverridden(let method, let type, let reason):
      "\(type) does not override \(method), but \(reason)."
    case .configuration(let key, let found, let expected):
      "trainer.\(key): found \(found); expected \(expected)"
    case .limitTooSmall(let key, let found, let smallest):
      "trainer.\(key): \(found) of the loader is less than one batch; "
        + "the smallest fraction that leaves one is \(smallest)."
    case .lossNotScalar(let shape, let epoch, let batch):
      "epoch \(epoch), batch \(batch): the training step returned a tensor of shape \(shape), "
        + "expected a scalar loss. Reduce it, for example with mean()."
    case .anomaly(let anomaly, let epoch, let batch):
      "epoch \(epoch), batch \(batch): \(anomaly)"
    case .unknownMetric(let name, let callback, let known):
      "\(callback) watches '\(name)', which was not logged. Logged metrics: "
        + "\(known.isEmpty ? "none" : known.joined(separator: ", "))."
    case .noValidationData(let type):
      "\(type) does not override validationDataLoader(), but validate needs batches."
    case .hyperparameterConflict(let key):
      "the module and the data module both have a hyperparameter '\(key)', with different values. "
        + "Rename one of them."
    case .optimizerCount(let count, let type):
      "\(type).configureOptimizers() returned \(count) optimizers, expected one. To train with several, set "
        + "automaticOptimization to false and step them in trainingStep."
    case .unknownSteps:
      "a scheduler needs the number of steps, but the training has no known end. Set trainer.max_epochs or "
        + "trainer.max_steps; with a loader that does not know its length, max_steps."
    case .noMonitor(let scheduler, let known):
      "\(scheduler) follows a metric, but does not say which: give it a monitor. Logged metrics: "
        + "\(known.isEmpty ? "none" : known.joined(separator: ", "))."
    case .notManual(let key):
      "trainer.\(key) is for automatic optimization, but the module steps its optimizers itself. Leave it out, "
        + "and do it in trainingStep."
    case .precision(let batch):
      "trainer.precision is 64-true, but batches of type \(batch) cannot be converted. Conform the type to TensorBatch."
    case .predictionType(let found, let expected):
      "predictStep returned \(found), expected \(expected). Name the type: predict(…, as: \(found).self)."
    case .noParameters(let optimizer, let type, let isModuleEmpty):
      "\(type).configureOptimizers() returned an optimizer (\(optimizer)) without parameters, which trains "
        + "nothing. "
        + (isModuleEmpty
          ? "\(type) has no parameters: keep its layers in stored properties."
          : "Give it parameters, for example those of the whole module: \(optimizer)(parameters).")
    case .isRunning: "the trainer is already running; use another one."
    }
  }
}

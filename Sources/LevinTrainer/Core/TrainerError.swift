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
  /// There is not exactly one optimizer.
  case optimizerCount(Int, type: String)
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
      "\(type).configureOptimizers() returned \(count) optimizers, expected one."
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

import Levin

extension Trainer {
  /// A trainer that prints nothing.
  static func quiet(
    maxEpochs: Int = 2, root: String? = nil, callbacks: [Callback] = [],
    logger: (any Logger)? = nil,
    _ change: (inout TrainerConfiguration) -> Void = { _ in }
  ) -> Trainer {
    var configuration = TrainerConfiguration()
    configuration.maxEpochs = maxEpochs
    configuration.defaultRootDir = root
    configuration.logEveryNSteps = 1
    configuration.enableProgressBar = false
    configuration.enableModelSummary = false
    configuration.enableCheckpointing = root != nil
    change(&configuration)
    return Trainer(configuration, callbacks: callbacks, logger: logger)
  }
}

/// The trainer's hyperparameters, as the command line and YAML name them (`max_epochs`, `log_every_n_steps`, …).
public struct TrainerConfiguration: HyperparameterSet {
  public var maxEpochs: Int? = nil
  public var maxSteps: Int = -1
  public var logEveryNSteps: Int = 50
  public var numSanityValSteps: Int = 2
  public var defaultRootDir: String? = nil
  public var enableProgressBar = true
  public var enableModelSummary = true
  public var enableCheckpointing = true
  public init() {}
}

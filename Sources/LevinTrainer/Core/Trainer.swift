/// Runs training, validation and test of a module, in the order of hooks that Lightning has.
public final class Trainer {
  public let configuration: TrainerConfiguration
  public let callbacks: [Callback]
  /// Where the run stands, for whoever shows it.
  public let progress = TrainingProgress()
  /// The latest logged values by name.
  public internal(set) var callbackMetrics: [String: Double] = [:]

  public init(_ configuration: TrainerConfiguration, callbacks: [Callback] = [], logger: (any Logger)? = nil) {
    self.configuration = configuration
    self.callbacks = callbacks
  }
  public convenience init(maxEpochs: Int? = nil, logEveryNSteps: Int = 50, defaultRootDir: String? = nil) {
    var configuration = TrainerConfiguration()
    configuration.maxEpochs = maxEpochs
    configuration.logEveryNSteps = logEveryNSteps
    configuration.defaultRootDir = defaultRootDir
    self.init(configuration)
  }

  public func fit<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>, checkpointPath: String? = nil
  ) async throws { fatalError("skeleton") }

  /// Tests and gives the metrics, by name.
  @discardableResult
  public func test<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>, checkpointPath: String? = nil
  ) async throws -> [String: Double] { fatalError("skeleton") }
}

import Levin
import LevinTrainer

@testable import LevinCLI

/// Data and a model with the options of scripts/golden/make_lightning_cli.py.
final class RayDataModule: LightningDataModule<TensorPair>, Configurable {
  struct Hyperparameters: HyperparameterSet {
    var tasks: [String] = []
    var batchSize = 32
    var dataPath = "."
    static let help = [
      "tasks": "What to look for.", "batch_size": "Samples in a batch.",
      "data_path": "The folder of the images.",
    ]
    func validate() throws { try require("data.batch_size", batchSize, atLeast: 1) }
  }
  let hyperparameters: Hyperparameters
  /// What a model may ask for.
  var classCount: Int { hyperparameters.tasks.count }

  init(_ hyperparameters: Hyperparameters) { self.hyperparameters = hyperparameters }

  override func trainDataLoader() -> DataLoader<TensorPair> {
    DataLoader(
      TensorDataset(.rand([96, 4]), .rand([96, 1])), batchSize: hyperparameters.batchSize)
  }
  override func validationDataLoader() -> DataLoader<TensorPair>? { trainDataLoader() }
}

class RayModule: LightningModule<TensorPair> {
  let model: Sequential
  let criterion: Loss

  init(width: Int, criterion: ClassChoice<Loss>) {
    model = Sequential(Linear(4, width), ReLU(), Linear(width, 1), Sigmoid())
    guard let loss = try? criterion.make() else { preconditionFailure("the options were checked") }
    self.criterion = loss
  }

  override func configureOptimizers() -> any OptimizerConfiguration {
    SGD(parameters, learningRate: 0.5)
  }
  override func trainingStep(_ batch: TensorPair, batchIndex: Int) -> Tensor? {
    criterion(model(batch.inputs), batch.targets)
  }
  override func validationStep(_ batch: TensorPair, batchIndex: Int) -> Any? {
    log("val/loss", criterion(model(batch.inputs), batch.targets))
  }
}

final class NarrowRayModule: RayModule, Configurable {
  struct Hyperparameters: HyperparameterSet {
    var tasks: [String] = []
    var criterion: ClassChoice<Loss> = "BCELoss"
    var width = 8
    var rate = 0.5
    static let help = [
      "tasks": "What to look for.", "criterion": "The loss.", "width": "Neurons of the layer.",
      "rate": "A rate.",
    ]
    func validate() throws { try require("model.width", width, atLeast: 1) }
  }
  let hyperparameters: Hyperparameters

  init(_ hyperparameters: Hyperparameters) {
    self.hyperparameters = hyperparameters
    super.init(width: hyperparameters.width, criterion: hyperparameters.criterion)
  }
}

final class WideRayModule: RayModule, Configurable {
  struct Hyperparameters: HyperparameterSet {
    var depth = 2
    var tasks: [String] = []
    var criterion: ClassChoice<Loss> = "BCELoss"
    var width = 8
    var rate = 0.5
    static let help = NarrowRayModule.Hyperparameters.help.merging(["depth": "Layers."]) { $1 }
  }
  let hyperparameters: Hyperparameters

  init(_ hyperparameters: Hyperparameters) {
    self.hyperparameters = hyperparameters
    super.init(width: hyperparameters.width, criterion: hyperparameters.criterion)
  }
}

enum RayProgram {
  static var one: LightningCLI<NarrowRayModule, RayDataModule> {
    LightningCLI(NarrowRayModule.self, RayDataModule.self, about: "Looks for shadows.")
  }
  static var several: LightningCLI<LightningModule<TensorPair>, LightningDataModule<TensorPair>> {
    LightningCLI(
      models: [NarrowRayModule.self, WideRayModule.self], data: [RayDataModule.self])
  }
}

extension LightningCLI {
  /// The result of parsing arguments, with all mistakes.
  func parsed(
    _ arguments: [String], _ command: TrainingCommand = .fit,
    environment: [String: String] = [:]
  ) -> ParsedOptions {
    var parsed = options(command).parse(arguments) { environment[$0] }
    _ = plan(&parsed)
    return parsed
  }
}

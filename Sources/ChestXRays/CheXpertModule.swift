public import Levin

/// A DenseNet-121 that finds diseases in chest X-rays.
public final class CheXpertModule: LightningModule<ChestXRayBatch>, Configurable {
  public struct Hyperparameters: HyperparameterSet {
    public var tasks = ChestFinding.competition
    public var criterion: ClassChoice<Loss> = "MaskedBCELoss"
    public var learningRate = 1e-4
    public var weights: String?
    public var viewPooling = ViewPooling.max
    public init() {}
  }
  public let hyperparameters: Hyperparameters
  let model = densenet121()
  let lossFunction: Loss

  public init(_ hyperparameters: Hyperparameters = .init()) {
    self.hyperparameters = hyperparameters
    do {
      lossFunction = try hyperparameters.criterion.make()
    } catch {
      // The command line has checked it.
      fatalError("CheXpertModule: \(error)")
    }
    model.classifier = Sequential(Linear(1024, hyperparameters.tasks.count), Sigmoid())
  }

  public override func setup(stage: Stage) throws {
    guard stage == .fit, let weights = hyperparameters.weights else { return }
    try model.features.loadWeights(
      from: weights, prefix: "features.", renaming: DenseNet.renamed)
  }

  public override func configureOptimizers() -> any OptimizerConfiguration {
    Adam(model.parameters, learningRate: hyperparameters.learningRate)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { model(x) }

  public override func trainingStep(_ batch: ChestXRayBatch, batchIndex: Int) -> Tensor? {
    let (x, y, _) = batch
    let output = self(x)
    let loss = lossFunction(output, y)
    log("train/loss", loss, batchSize: x.shape[0])
    if batchIndex == 0 { logImages("train", x, y, output) }
    return loss
  }

  public override func validationStep(_ batch: ChestXRayBatch, batchIndex: Int) -> Any? {
    evaluate("val", batch, batchIndex)
  }

  public override func testStep(_ batch: ChestXRayBatch, batchIndex: Int) -> Any? {
    evaluate("test", batch, batchIndex)
  }

  public override func predictStep(_ batch: ChestXRayBatch, batchIndex: Int) -> Any? {
    self(batch.images)
  }

  public override func onValidationEpochEnd() { logEpoch("val") }
  public override func onTestEpochEnd() { logEpoch("test") }

  private typealias Outputs = (scores: Tensor, labels: Tensor, studies: Tensor)

  private func evaluate(_ stage: String, _ batch: ChestXRayBatch, _ batchIndex: Int) -> Outputs {
    let (x, y, studies) = batch
    let output = self(x)
    log("\(stage)/loss", lossFunction(output, y), batchSize: x.shape[0])
    if batchIndex == 0 { logImages(stage, x, y, output) }
    return (output, y, studies)
  }

  /// Logs the metrics of all batches of an epoch: those of each task, and their means.
  private func logEpoch(_ stage: String) {
    let batches = outputs(as: Outputs.self)
    guard !batches.isEmpty else { return }
    let evaluation = ChestXRayEvaluation(
      scores: .concatenated(batches.map(\.scores), dimension: 0),
      labels: .concatenated(batches.map(\.labels), dimension: 0),
      studies: .concatenated(batches.map(\.studies), dimension: 0),
      tasks: hyperparameters.tasks, pooling: hyperparameters.viewPooling)
    for result in evaluation.results {
      let name = result.task.rawValue
      if let auroc = result.auroc { log("\(stage)/auroc/\(name)", auroc) }
      if let accuracy = result.accuracy { log("\(stage)/acc/\(name)", accuracy) }
    }
    if let auroc = evaluation.meanAUROC { log("\(stage)/auroc", auroc, progressBar: true) }
    if let accuracy = evaluation.meanAccuracy { log("\(stage)/acc", accuracy) }
    logCurves(stage, evaluation)
    if let undefined = evaluation.undefined, trainer?.isSanityChecking == false {
      logger.addText("\(stage)/undefined", undefined, step: currentEpoch)
      Terminal.print("\(stage): \(undefined)")
    }
  }

  /// Logs the ROC curve of each task as a figure, and its precision-recall curve.
  private func logCurves(_ stage: String, _ evaluation: ChestXRayEvaluation) {
    for result in evaluation.results where result.auroc != nil {
      let name = result.task.rawValue
      let (scores, labels) = evaluation.known(result.task)
      logger.addPRCurve(
        "\(stage)/pr/\(name)", labels: labels, predictions: scores, step: currentEpoch)
      let roc = ROC(.binary)
      roc.update(scores, labels)
      for var plot in roc.plots() {
        plot.title = name
        logger.addFigure("\(stage)/roc/\(name)", Figure(plot), step: currentEpoch)
      }
    }
  }

  /// Logs the first batch of an epoch: its pictures, and its true and predicted labels.
  private func logImages(_ stage: String, _ x: Tensor, _ y: Tensor, _ output: Tensor) {
    logger.addImage("\(stage)/inputs", makeGrid(x, normalize: true), step: currentEpoch)
    logger.addText("\(stage)/targets", table(y), step: currentEpoch)
    logger.addText("\(stage)/preds", table(output), step: currentEpoch)
  }
}

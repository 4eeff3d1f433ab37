public import LevinMetrics
internal import LevinTensor
internal import LevinTensorBoard

/// Draws the confusion matrix of each validation and test as a figure: `val/confusion_matrix`.
///
///     Trainer(callbacks: [ConfusionMatrixLogger(classes: ["cat", "dog", "bird"])])
public final class ConfusionMatrixLogger: Callback {
  private let classes: [String]
  private let normalize: ConfusionMatrix.Normalization
  private let reader: PredictionReader
  private var matrix: ConfusionMatrix

  /// - Parameters:
  ///   - classes: The names of the classes, by their numbers.
  ///   - normalize: What the numbers are fractions of; `.none`: counts.
  ///   - reader: How predictions and targets are read from a batch.
  public init(
    classes: [String], normalize: ConfusionMatrix.Normalization = .none,
    reading reader: PredictionReader = PredictionReader()
  ) {
    (self.classes, self.normalize, self.reader) = (classes, normalize, reader)
    matrix = ConfusionMatrix(.multiclass(classes.count), normalize: normalize)
  }

  /// - Parameter classCount: The number of classes, whose names are their numbers.
  public convenience init(
    classCount: Int, normalize: ConfusionMatrix.Normalization = .none,
    reading reader: PredictionReader = PredictionReader()
  ) {
    self.init(classes: (0..<classCount).map { "\($0)" }, normalize: normalize, reading: reader)
  }

  /// Begins a matrix.
  public override func onValidationEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    matrix.reset()
  }
  /// Counts a batch.
  public override func onValidationBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    try add(batch, module)
  }
  /// Draws the matrix.
  public override func onValidationEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    draw("val", module)
  }
  /// Begins a matrix.
  public override func onTestEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    matrix.reset()
  }
  /// Counts a batch.
  public override func onTestBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    try add(batch, module)
  }
  /// Draws the matrix.
  public override func onTestEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    draw("test", module)
  }

  private func add(_ batch: BatchContext, _ module: LightningModuleBase) throws {
    guard !module.logger.isEmpty else { return }
    let reading = try reader(module, batch, for: self)
    matrix.update(reading.classes, reading.targets)
  }

  private func draw(_ stage: String, _ module: LightningModuleBase) {
    guard !module.logger.isEmpty else { return }
    for plot in matrix.plots(labels: classes) {
      var plot = plot
      plot.title = "Confusion matrix, epoch \(module.currentEpoch)"
      module.logger.addFigure("\(stage)/confusion_matrix", Figure(plot), step: module.currentEpoch)
    }
  }
}

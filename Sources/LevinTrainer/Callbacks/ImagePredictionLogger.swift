internal import LevinData
internal import LevinTensor
internal import LevinTensorBoard

/// Logs the first batch of each epoch, in training, validation and test: its images in a grid, its targets and the
/// predictions as texts, and the images with their classes below them, wrong ones in red.
///
/// The tags are `val/inputs`, `val/targets`, `val/preds` and `val/predictions`; the x-axis is the epoch.
///
///     Trainer(callbacks: [ImagePredictionLogger()])
public final class ImagePredictionLogger: Callback {
  private let classes: [String]?
  private let count: Int
  private let reader: PredictionReader

  /// - Parameters:
  ///   - classes: The names of the classes; nil: their numbers.
  ///   - count: The largest number of images with their classes.
  ///   - reader: How images, predictions and targets are read from a batch.
  public init(
    classes: [String]? = nil, count: Int = 32,
    reading reader: PredictionReader = PredictionReader()
  ) {
    (self.classes, self.count, self.reader) = (classes, max(1, count), reader)
  }

  /// Logs the first batch.
  public override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    try log("train", batch, module)
  }
  /// Logs the first batch.
  public override func onValidationBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    try log("val", batch, module)
  }
  /// Logs the first batch.
  public override func onTestBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    try log("test", batch, module)
  }

  private func log(_ stage: String, _ batch: BatchContext, _ module: LightningModuleBase) throws {
    guard batch.index == 0, batch.loaderIndex == 0, !module.logger.isEmpty else { return }
    let reading = try reader(module, batch, for: self)
    let (logger, step) = (module.logger, module.currentEpoch)
    let (found, targets) = (reading.classes, reading.targets)
    logger.addImage("\(stage)/inputs", makeGrid(reading.inputs), step: step)
    logger.addText("\(stage)/targets", "\(targets)", step: step)
    logger.addText("\(stage)/preds", "\(found)", step: step)
    let shown = min(count, reading.inputs.shape[0])
    let images = PixelImage.images(Self.scaled(reading.inputs[0..<shown]))
    let numbers = [found, targets].map { $0.to(.int64).scalars(as: Int64.self).map { Int($0) } }
    let captions = (0..<shown).map { index -> CaptionedImages.Caption in
      let (prediction, target) = (
        classes.className(numbers[0][index]), classes.className(numbers[1][index])
      )
      let isRight = prediction == target
      return .init(text: isRight ? target : "\(prediction) (\(target))", isWrong: !isRight)
    }
    let picture = CaptionedImages(images, captions: captions).image
    logger.addImage("\(stage)/predictions", picture, step: step)
  }

  /// Images from 0 to 1, whatever they were normalized to.
  private static func scaled(_ images: Tensor) -> Tensor {
    guard images.dtype.isFloatingPoint else { return images }
    let (low, high) = (images.min(), images.max())
    guard high.item() > low.item() else { return images }
    return (images - low) / (high - low)
  }
}

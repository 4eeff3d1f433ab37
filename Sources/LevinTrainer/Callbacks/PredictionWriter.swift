/// Writes predictions somewhere, batch by batch or at the end (Lightning's `BasePredictionWriter`); subclasses say how.
///
///     final class Lines: PredictionWriter {
///       override func writeOnBatchEnd(
///         _ trainer: Trainer, _ module: LightningModuleBase, _ prediction: Any, _ batch: BatchContext
///       ) throws { … }
///     }
open class PredictionWriter: Callback {
  /// When predictions are written.
  public enum Interval: String, Sendable, Codable, CaseIterable {
    case batch, epoch
    case batchAndEpoch = "batch_and_epoch"
  }
  /// When predictions are written.
  public final let interval: Interval
  private var predictions: [[Any]] = []

  /// - Parameter interval: See ``interval``; with ``Interval/batch`` no prediction is kept here.
  public init(interval: Interval = .batch) { self.interval = interval }

  /// Writes what `predictStep` returned for a batch; called unless ``interval`` is ``Interval/epoch``.
  open func writeOnBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ prediction: Any, _ batch: BatchContext
  ) throws {}

  /// Writes all predictions, of each loader batch by batch; called unless ``interval`` is ``Interval/batch``.
  open func writeOnEpochEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ predictions: [[Any]]
  ) throws {}

  open override func onPredictEpochStart(
    _ trainer: Trainer, _ module: LightningModuleBase
  ) throws { predictions = [] }

  open override func onPredictBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    guard let prediction = batch.outputs else { return }
    if interval != .epoch { try writeOnBatchEnd(trainer, module, prediction, batch) }
    guard interval != .batch else { return }
    while predictions.count <= batch.loaderIndex { predictions.append([]) }
    predictions[batch.loaderIndex].append(prediction)
  }

  open override func onPredictEpochEnd(
    _ trainer: Trainer, _ module: LightningModuleBase
  ) throws {
    guard interval != .batch else { return }
    try writeOnEpochEnd(trainer, module, predictions)
    predictions = []
  }
}

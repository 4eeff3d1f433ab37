internal import Foundation
internal import LevinTensor

/// Logs samples of the first batch of each validation and test as a table: `val/samples` on TensorBoard's Text tab.
///
/// With scores of classes a row has the target, the predicted class and its probability; otherwise the target and the
/// prediction. Wrong classes are bold.
public final class PredictionTableLogger: Callback {
  private let classes: [String]?
  private let count: Int
  private let reader: PredictionReader

  /// - Parameters:
  ///   - classes: The names of the classes; nil: their numbers.
  ///   - count: The largest number of samples.
  ///   - reader: How predictions and targets are read from a batch.
  public init(
    classes: [String]? = nil, count: Int = 16,
    reading reader: PredictionReader = PredictionReader()
  ) {
    (self.classes, self.count, self.reader) = (classes, max(1, count), reader)
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
    let shown = min(count, reading.predictions.shape[0])
    let (predictions, targets) = (reading.predictions[0..<shown], reading.targets[0..<shown])
    let isClassifier =
      predictions.rank == 2 && predictions.shape[1] > 1 && targets.rank == 1
      && !targets.dtype.isFloatingPoint
    let lines =
      isClassifier
      ? classLines(predictions.softmax(dimension: 1), targets)
      : valueLines(predictions, targets)
    module.logger.addText(
      "\(stage)/samples", lines.joined(separator: "\n"), step: module.currentEpoch)
  }

  private func classLines(_ probabilities: Tensor, _ targets: Tensor) -> [String] {
    let best = probabilities.max(dimension: 1)
    let shares = best.values.to(.float64).scalars(as: Double.self)
    let numbers = [best.indices, targets].map {
      $0.to(.int64).scalars(as: Int64.self).map { Int($0) }
    }
    let rows = shares.indices.map { index in
      let (prediction, target) = (
        classes.className(numbers[0][index]), classes.className(numbers[1][index])
      )
      let shown = numbers[0][index] == numbers[1][index] ? prediction : "**\(prediction)**"
      return "| \(index) | \(target) | \(shown) | \(String(format: "%.3f", shares[index])) |"
    }
    return ["| sample | target | prediction | probability |", "| ---: | --- | --- | ---: |"] + rows
  }

  private func valueLines(_ predictions: Tensor, _ targets: Tensor) -> [String] {
    let rows = (0..<predictions.shape[0]).map { index in
      "| \(index) | \(Self.text(targets[index])) | \(Self.text(predictions[index])) |"
    }
    return ["| sample | target | prediction |", "| ---: | --- | --- |"] + rows
  }

  /// Up to eight numbers.
  private static func text(_ value: Tensor) -> String {
    let numbers = value.to(.float64).scalars(as: Double.self)
    return numbers.prefix(8).map { String(format: "%.4g", $0) }.joined(separator: ", ")
      + (numbers.count > 8 ? ", …" : "")
  }
}

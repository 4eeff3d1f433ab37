internal import LevinConfiguration
public import LevinTensor

/// The difference between the confidence of predictions and the fraction that are correct (Guo and others 2017;
/// torchmetrics' `CalibrationError`).
///
/// Confidences are put into bins of equal width. For a binary task the confidence is the score, and a target of 1
/// counts as correct; for classes the confidence is the largest score.
public final class CalibrationError: Metric {
  public override var higherIsBetter: Bool? { false }

  /// How the differences of the bins are combined.
  public enum Norm: String, Sendable, Codable, CaseIterable {
    /// Their mean, weighted by the number of predictions in each bin.
    case l1
    /// The root of their weighted mean square.
    case l2
    /// The greatest.
    case max
  }

  /// The options of ``CalibrationError``.
  public struct Options: TaskOptions {
    /// The kind of prediction: binary or multiclass.
    public var task = ClassificationTask.Kind.binary
    /// The number of classes; a binary task needs none.
    public var classCount = 0
    /// How the differences of the bins are combined.
    public var norm = Norm.l1
    /// The number of bins from 0 to below 1.
    public var binCount = 15
    /// The target value that does not count.
    public var ignoreIndex: Int?

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if there is no bin, and for a multilabel task.
    public func validate() throws {
      try requireTask(of: [.binary, .multiclass])
      try require("bin_count", binCount, atLeast: 1)
    }
    /// A sentence about each option.
    public static let help = MetricHelp.task([
      "norm": "How the differences of the bins are combined: mean, root mean square, or greatest.",
      "bin_count": "The number of bins from 0 to below 1.",
    ])
  }

  /// The options.
  public let options: Options
  /// The task.
  public let task: ClassificationTask

  /// Traps if there is no bin, and for a multilabel task.
  public convenience init(
    _ task: ClassificationTask, norm: Norm = .l1, binCount: Int = 15, ignoreIndex: Int? = nil
  ) {
    self.init(
      Options(task, ignoring: ignoreIndex) { ($0.norm, $0.binCount) = (norm, binCount) })
  }

  /// Traps if there is no bin, and for a multilabel task.
  public init(_ options: Options) {
    self.options = options.checked(for: "CalibrationError")
    task = options.fullTask
    let binCount = options.binCount
    // A confidence of 1 has its own bin, as in torchmetrics.
    super.init([
      .sum("counts", of: [binCount + 1], .int64),
      .sum("confidences", of: [binCount + 1], .float64),
      .sum("right", of: [binCount + 1], .int64),
    ])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let (scores, labels) = Scores.rows(
      predictions, targets, task, ignoreIndex: options.ignoreIndex, for: "CalibrationError")
    let binCount = options.binCount
    let confidences: [Float]
    let isRight: [Bool]
    let wanted = labels.scalars(as: Int64.self)
    if task == .binary {
      confidences = scores.probabilities().scalars(as: Float.self)
      isRight = wanted.map { $0 == 1 }
    } else {
      let probabilities = scores.isWithinUnit ? scores : scores.softmax(dimension: 1)
      confidences = probabilities.maximum(dimension: 1).scalars(as: Float.self)
      isRight = zip(probabilities.argmax(dimension: 1).scalars(as: Int64.self), wanted)
        .map { $0 == $1 }
    }
    let edges = Tensor.linspace(0, 1, count: binCount + 1, dtype: .float32, device: .cpu)
      .scalars(as: Float.self)
    var counts = [Int64](repeating: 0, count: binCount + 1)
    var (sums, hits) = ([Double](repeating: 0, count: binCount + 1), counts)
    for (confidence, isRight) in zip(confidences, isRight) {
      let bin = max(0, (edges.firstIndex { $0 > confidence } ?? edges.count) - 1)
      counts[bin] += 1
      sums[bin] += Double(confidence)
      if isRight { hits[bin] += 1 }
    }
    return [Tensor(counts), Tensor(sums), Tensor(hits)]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let counts = states[0].scalars(as: Int64.self).map { Double($0) }
    let sums = states[1].scalars(as: Double.self)
    let hits = states[2].scalars(as: Int64.self).map { Double($0) }
    let total = counts.reduce(0, +)
    let distances = counts.indices.map {
      counts[$0] == 0 ? 0 : abs(hits[$0] - sums[$0]) / counts[$0]
    }
    let shares = counts.map { $0 / total }
    let value =
      switch options.norm {
      case .l1: zip(distances, shares).reduce(0) { $0 + $1.0 * $1.1 }
      case .l2: zip(distances, shares).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }.squareRoot()
      case .max: distances.max() ?? 0
      }
    return Tensor(Float(value))
  }
}

/// ``CalibrationError`` of one batch.
public func calibrationError(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask,
  norm: CalibrationError.Norm = .l1, binCount: Int = 15, ignoreIndex: Int? = nil
) -> Tensor {
  CalibrationError(task, norm: norm, binCount: binCount, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

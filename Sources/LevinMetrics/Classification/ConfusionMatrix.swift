internal import LevinSystem
public import LevinTensor

/// A metric based on how often each class was predicted for each target.
open class MatrixMetric: Metric {
  /// The task.
  public final let task: ClassificationTask
  /// The threshold above which scores of a binary or multilabel task count as 1.
  public final let threshold: Double
  /// The target value that does not count.
  public final let ignoreIndex: Int?

  /// Traps if an argument does not fit the task.
  public init(_ task: ClassificationTask, threshold: Double = 0.5, ignoreIndex: Int? = nil) {
    ClassificationChecks.task(task, for: "\(Self.self)")
    (self.task, self.threshold, self.ignoreIndex) = (task, threshold, ignoreIndex)
    super.init([.sum("matrix", of: Self.shape(task), .int64)])
  }

  private static func shape(_ task: ClassificationTask) -> Shape {
    switch task {
    case .binary: [2, 2]
    case .multiclass(let count): [count, count]
    case .multilabel(let count): [count, 2, 2]
    }
  }

  open override var sharingKey: String? {
    "matrix \(task) \(threshold) \(ignoreIndex.map(String.init) ?? "")"
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let decisions = Decisions(
      predictions, targets, task, threshold: threshold, topK: 1, ignoreIndex: ignoreIndex,
      for: "\(type(of: self))")
    let width = task.isMulticlass ? task.count : 2
    let shape = Self.shape(task)
    var matrix = [Int64](repeating: 0, count: shape.elementCount)
    var label = 0
    for (prediction, target) in zip(decisions.predicted, decisions.targets) {
      if target >= 0 { matrix[label * 4 + Int(target) * width + Int(prediction)] += 1 }
      if decisions.labelCount > 1 { label = label + 1 == decisions.labelCount ? 0 : label + 1 }
    }
    return [Tensor(matrix, shape: shape)]
  }

  /// The rows of a matrix of classes.
  final func rows(_ matrix: Tensor) -> [[Double]] {
    let numbers = matrix.scalars(as: Int64.self).map { Double($0) }
    let width = matrix.shape[matrix.rank - 1]
    return (0..<(numbers.count / width)).map { Array(numbers[($0 * width)..<(($0 + 1) * width)]) }
  }
}

/// How often each class (columns) was predicted for each target (rows) (torchmetrics' `ConfusionMatrix`).
///
/// The value is `[classes, classes]`, or `[labels, 2, 2]` for labels; it is int64, or float32 if it is normalized.
public final class ConfusionMatrix: MatrixMetric {
  /// What the numbers are fractions of.
  public enum Normalization: String, Sendable, Codable, CaseIterable {
    case none, `true`, pred, all
  }
  /// What the numbers are fractions of.
  public let normalize: Normalization

  /// Traps if an argument does not fit the task.
  public init(
    _ task: ClassificationTask, normalize: Normalization = .none, threshold: Double = 0.5,
    ignoreIndex: Int? = nil
  ) {
    self.normalize = normalize
    super.init(task, threshold: threshold, ignoreIndex: ignoreIndex)
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let matrix = states[0]
    let numbers = matrix.to(.float64)
    let parts: Tensor
    switch normalize {
    case .none: return matrix
    case .true: parts = numbers / numbers.sum(dimension: -1, keepDimension: true)
    case .pred: parts = numbers / numbers.sum(dimension: -2, keepDimension: true)
    case .all: parts = numbers / numbers.sum(dimensions: [-2, -1], keepDimension: true)
    }
    let missing = Int(parts.isNaN().sum().item())
    if missing > 0 {
      MetricWarning.tell("ConfusionMatrix: \(missing) NaN values are replaced by 0")
    }
    return parts.maskedFill(parts.isNaN(), with: 0).to(.float32)
  }
}

/// How much better predictions agree with targets than they would by chance (Cohen 1960; torchmetrics' `CohenKappa`).
public final class CohenKappa: MatrixMetric {
  /// How much a wrong class counts.
  public enum Weights: String, Sendable, Codable, CaseIterable { case none, linear, quadratic }
  /// How much a wrong class counts.
  public let weights: Weights

  /// Traps for a multilabel task.
  public init(
    _ task: ClassificationTask, weights: Weights = .none, threshold: Double = 0.5,
    ignoreIndex: Int? = nil
  ) {
    if case .multilabel = task {
      fail("CohenKappa", "a multilabel task", expected: "binary or multiclass")
    }
    self.weights = weights
    super.init(task, threshold: threshold, ignoreIndex: ignoreIndex)
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let rows = rows(states[0])
    let targets = rows.map { $0.reduce(0, +) }
    let predictions = rows.indices.map { column in rows.reduce(0) { $0 + $1[column] } }
    let total = targets.reduce(0, +)
    var (found, expected) = (0.0, 0.0)
    for i in rows.indices {
      for j in rows.indices where i != j {
        let distance = Double(abs(i - j))
        let weight =
          switch weights {
          case .none: 1.0
          case .linear: distance
          case .quadratic: distance * distance
          }
        found += weight * rows[i][j]
        expected += weight * targets[i] * predictions[j] / total
      }
    }
    return Tensor(Float(1 - found / expected))
  }
}

/// The correlation of predictions and targets, −1 to 1 (Matthews 1975; torchmetrics' `MatthewsCorrCoef`).
///
/// It is 0 if it is undefined.
public final class MatthewsCorrCoef: MatrixMetric {
  public override func value(of states: [Tensor]) -> Tensor {
    var rows = rows(states[0])
    if case .multilabel = task {
      rows = (0..<2).map { i in
        (0..<2).map { j in
          stride(from: i, to: rows.count, by: 2).reduce(0) { $0 + rows[$1][j] }
        }
      }
    }
    let right = rows.indices.reduce(0) { $0 + rows[$1][$1] }
    let targets = rows.map { $0.reduce(0, +) }
    let predictions = rows.indices.map { column in rows.reduce(0) { $0 + $1[column] } }
    let total = targets.reduce(0, +)
    if rows.count == 2, total > 0 {
      if right == total { return Tensor(1 as Float) }
      if right == 0 { return Tensor(-1 as Float) }
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let spread =
      (total * total - dot(predictions, predictions)) * (total * total - dot(targets, targets))
    guard spread != 0 else { return Tensor(0 as Float) }
    return Tensor(Float((right * total - dot(targets, predictions)) / spread.squareRoot()))
  }
}

/// ``ConfusionMatrix`` of one batch.
public func confusionMatrix(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask,
  normalize: ConfusionMatrix.Normalization = .none, threshold: Double = 0.5,
  ignoreIndex: Int? = nil
) -> Tensor {
  ConfusionMatrix(task, normalize: normalize, threshold: threshold, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

/// ``CohenKappa`` of one batch.
public func cohenKappa(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask,
  weights: CohenKappa.Weights = .none, threshold: Double = 0.5, ignoreIndex: Int? = nil
) -> Tensor {
  CohenKappa(task, weights: weights, threshold: threshold, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

/// ``MatthewsCorrCoef`` of one batch.
public func matthewsCorrCoef(
  _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, threshold: Double = 0.5,
  ignoreIndex: Int? = nil
) -> Tensor {
  MatthewsCorrCoef(task, threshold: threshold, ignoreIndex: ignoreIndex)
    .evaluate(predictions, targets)
}

internal import LevinSystem
internal import LevinTensor

/// The decisions of a batch, and their targets, for counting.
struct Decisions {
  private let counted: CountedDecisions
  private let task: ClassificationTask
  private let metric: String

  /// With `ofRows`, the decisions of each row of labels count as those of one label.
  init(
    _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, threshold: Double,
    topK: Int = 1, ignoreIndex: Int?, ofRows: Bool = false, for metric: String
  ) {
    ClassificationChecks.shapes(predictions, targets, task, for: metric)
    let isMulticlass = task.isMulticlass
    var wanted = targets.to(.int64)
    var made =
      isMulticlass
      ? Self.classes(
        predictions, wanted, areScores: predictions.rank > targets.rank, topK: topK)
      : Self.flags(predictions, threshold: threshold)
    var batch = targets.shape.first ?? 1
    var (classes, points) = (task.count, 1)
    if ofRows {
      (made, wanted) = (made.rowsOfLabels(), wanted.rowsOfLabels())
      (batch, classes, points) = (1, wanted.shape[0], task.count)
    } else {
      points = targets.shape.dropFirst(task.kind == .multilabel ? 2 : 1).reduce(1, *)
    }
    (self.task, self.metric) = (task, metric)
    counted = CountedDecisions(
      made, wanted, batch: batch, classes: classes, points: points, isMulticlass: isMulticlass,
      threshold: Float(threshold), ignored: ignoreIndex)
  }

  private init(_ counted: CountedDecisions, like other: Decisions) {
    (self.counted, task, metric) = (counted, other.task, other.metric)
  }

  /// Scores in float32, of which those above the threshold count as 1, or 0 and 1; if there are scores outside 0…1,
  /// all are logits.
  private static func flags(_ scores: Tensor, threshold: Double) -> Tensor {
    guard scores.dtype.isFloatingPoint else { return scores.to(.int64) }
    let probabilities = scores.probabilities()
    return probabilities.dtype == .float64
      ? (probabilities .> threshold).to(.int64) : probabilities.to(.float32)
  }

  /// Scores in float32, of which the largest decides, or classes: with `topK`, the target if its score is among the
  /// largest.
  private static func classes(
    _ predictions: Tensor, _ targets: Tensor, areScores: Bool, topK: Int
  ) -> Tensor {
    guard areScores else { return predictions.to(.int64) }
    guard topK > 1 else {
      let isRounded = predictions.dtype == .float16 || predictions.dtype == .bfloat16
      let scores = isRounded ? predictions.to(.float32) : predictions
      return scores.dtype == .float32 ? scores : scores.argmax(dimension: 1)
    }
    let best = predictions.rowsOfLabels().topK(topK, dimension: 1).indices
    let wanted = targets.reshaped(to: [-1])
    let isFound = (best .== wanted.unsqueezed(1)).any(dimension: 1)
    return Tensor.where(isFound, wanted, best[.all, 0])
  }

  /// The counts of each class or label, `[classes, 4]`, int64, in the order of ``Counts/init(_:)``.
  func counts() -> Tensor { checked(counted.counts()) }

  /// How often each class was predicted for each target: `[classes, classes]`, or `[labels, 2, 2]`; int64.
  func matrix() -> Tensor {
    let matrix = checked(counted.matrix())
    return task.kind == .binary ? matrix.reshaped(to: [2, 2]) : matrix
  }

  /// The decisions of each sample.
  func split() -> [Decisions] { counted.split().map { Decisions($0, like: self) } }

  /// Whether each decision is correct, or does not count: `[batch, points]`, or `[batch, labels, points]`.
  func areRight() -> Tensor {
    let right = counted.areRight
    let limit = task.isMulticlass ? task.count : 2
    let areLabels =
      counted.targets.areLabels(below: limit, ignoring: counted.ignored)
      && (counted.predictions.dtype != .int64 || counted.predictions.areLabels(below: limit))
    return checked(areLabels ? right : nil)
  }

  /// The same; traps with the label that is out of range if there is none.
  private func checked(_ result: Tensor?) -> Tensor {
    if let result { return result }
    let limit = task.isMulticlass ? task.count : 2
    if counted.predictions.dtype == .int64 {
      ClassificationChecks.labels(counted.predictions, below: limit, "prediction", for: metric)
    }
    ClassificationChecks.labels(
      counted.targets, below: limit, "target", ignoring: counted.ignored, for: metric)
    fail(metric, "labels out of range", expected: "a class in 0..<\(limit)")
  }
}

/// How often a class was predicted or not, and was the target or not.
public struct Counts: Sendable, Equatable {
  /// Predicted, and the target.
  public var truePositives = 0
  /// Predicted, and not the target.
  public var falsePositives = 0
  /// Not predicted, and not the target.
  public var trueNegatives = 0
  /// Not predicted, and the target.
  public var falseNegatives = 0

  /// How often the class is the target.
  public var support: Int { truePositives + falseNegatives }

  static func + (a: Counts, b: Counts) -> Counts {
    Counts(
      truePositives: a.truePositives + b.truePositives,
      falsePositives: a.falsePositives + b.falsePositives,
      trueNegatives: a.trueNegatives + b.trueNegatives,
      falseNegatives: a.falseNegatives + b.falseNegatives)
  }

  /// The counts in a tensor `[…, 4]`, int64: true positives, false positives, true negatives, false negatives.
  static func all(in tensor: Tensor) -> [Counts] {
    tensor.withUnsafeBytes { bytes in
      let numbers = bytes.assumingMemoryBound(to: Int64.self)
      return stride(from: 0, to: numbers.count, by: 4).map {
        Counts(
          truePositives: Int(numbers[$0]), falsePositives: Int(numbers[$0 + 1]),
          trueNegatives: Int(numbers[$0 + 2]), falseNegatives: Int(numbers[$0 + 3]))
      }
    }
  }
}

extension Tensor {
  /// `[batch, labels, …]` as `[rows, labels]`.
  func rowsOfLabels() -> Tensor {
    rank == 2 ? self : permuted([0] + Array(2..<rank) + [1]).reshaped(to: [-1, shape[1]])
  }

  /// The scores, or their sigmoids if any score is outside 0…1.
  func probabilities() -> Tensor { isWithinUnit ? self : sigmoid() }
}

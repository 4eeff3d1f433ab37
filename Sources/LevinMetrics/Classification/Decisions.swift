internal import LevinSystem
internal import LevinTensor

/// The predictions and targets of a batch as arrays of labels in the same order, for counting.
struct Decisions {
  /// The predicted label of each decision: a class, or 0 or 1.
  var predicted: [Int64]
  /// The target of each decision; -1 if it is left out.
  var targets: [Int64]
  /// The number of labels; the decisions of a multilabel task are `[rows, labels]`.
  let labelCount: Int

  init(
    _ predictions: Tensor, _ targets: Tensor, _ task: ClassificationTask, threshold: Double,
    topK: Int, ignoreIndex: Int?, for metric: String
  ) {
    ClassificationChecks.shapes(predictions, targets, task, for: metric)
    var wanted = targets
    switch task {
    case .binary:
      labelCount = 1
      predicted = Self.labels(predictions, threshold: threshold, for: metric)
    case .multilabel(let count):
      labelCount = count
      predicted = Self.labels(predictions.rowsOfLabels(), threshold: threshold, for: metric)
      wanted = targets.rowsOfLabels()
    case .multiclass:
      labelCount = 1
      predicted = []
    }
    self.targets = wanted.to(.int64).scalars(as: Int64.self)
    if let ignoreIndex {
      let ignored = Int64(ignoreIndex)
      for index in self.targets.indices where self.targets[index] == ignored {
        self.targets[index] = -1
      }
    }
    if case .multiclass(let classes) = task {
      predicted = classLabels(predictions, isScores: predictions.rank > targets.rank, topK: topK)
      ClassificationChecks.labels(predicted, below: classes, "prediction", for: metric)
      ClassificationChecks.labels(
        self.targets, below: classes, "target", ignoring: ignoreIndex, for: metric)
    } else {
      ClassificationChecks.labels(
        self.targets, below: 2, "target", ignoring: ignoreIndex, for: metric)
    }
  }

  /// 0 or 1 for each score; if there are scores outside 0…1, all are logits.
  private static func labels(_ scores: Tensor, threshold: Double, for metric: String) -> [Int64] {
    guard scores.dtype.isFloatingPoint else {
      let labels = scores.to(.int64).scalars(as: Int64.self)
      ClassificationChecks.labels(labels, below: 2, "prediction", for: metric)
      return labels
    }
    let probabilities = scores.probabilities()
    if probabilities.dtype == .float64 {
      return probabilities.scalars(as: Double.self).map { $0 > threshold ? 1 : 0 }
    }
    let limit = Float(threshold)
    return probabilities.to(.float32).scalars(as: Float.self).map { $0 > limit ? 1 : 0 }
  }

  /// The class of each decision: that of the largest score, or the target if its score is among the `topK` largest.
  private func classLabels(_ predictions: Tensor, isScores: Bool, topK: Int) -> [Int64] {
    guard isScores else { return predictions.to(.int64).scalars(as: Int64.self) }
    guard topK > 1 else {
      return predictions.argmax(dimension: 1).scalars(as: Int64.self)
    }
    let best = predictions.rowsOfLabels().topK(topK, dimension: 1).indices.scalars(as: Int64.self)
    return targets.indices.map { row in
      let classes = best[(row * topK)..<((row + 1) * topK)]
      return classes.contains(targets[row]) ? targets[row] : classes[row * topK]
    }
  }

  /// The decisions of each of `samples` samples, which follow one another.
  func split(into samples: Int) -> [Decisions] {
    let size = samples == 0 ? 0 : targets.count / samples
    return (0..<samples).map { sample in
      var part = self
      part.predicted = Array(predicted[sample * size..<(sample + 1) * size])
      part.targets = Array(targets[sample * size..<(sample + 1) * size])
      return part
    }
  }

  /// The counts of each class or label.
  func counts(_ task: ClassificationTask) -> [Counts] {
    guard case .multiclass(let classes) = task else {
      var counts = [Counts](repeating: Counts(), count: labelCount)
      var label = 0
      for (prediction, target) in zip(predicted, targets) {
        counts[label].add(prediction == 1, target)
        label = label + 1 == labelCount ? 0 : label + 1
      }
      return counts
    }
    var hits = [Int](repeating: 0, count: classes)
    var (chosen, wanted) = (hits, hits)
    var total = 0
    for (prediction, target) in zip(predicted, targets) where target >= 0 {
      chosen[Int(prediction)] += 1
      wanted[Int(target)] += 1
      if prediction == target { hits[Int(target)] += 1 }
      total += 1
    }
    return (0..<classes).map { c in
      let (hit, false1, false0) = (hits[c], chosen[c] - hits[c], wanted[c] - hits[c])
      return Counts(
        truePositives: hit, falsePositives: false1, trueNegatives: total - hit - false1 - false0,
        falseNegatives: false0)
    }
  }

  /// The counts of each row of a multilabel task, over all labels.
  func countsOfRows() -> [Counts] {
    guard labelCount > 0 else { return [] }
    return (0..<(targets.count / labelCount)).map { row in
      var counts = Counts()
      for index in (row * labelCount)..<((row + 1) * labelCount) {
        counts.add(predicted[index] == 1, targets[index])
      }
      return counts
    }
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

  /// In the order of a metric's state.
  var numbers: [Int64] {
    [truePositives, falsePositives, trueNegatives, falseNegatives].map { Int64($0) }
  }

  mutating func add(_ isPredicted: Bool, _ target: Int64) {
    switch (isPredicted, target) {
    case (_, -1): break
    case (true, 1): truePositives += 1
    case (true, _): falsePositives += 1
    case (false, 1): falseNegatives += 1
    case (false, _): trueNegatives += 1
    }
  }

  static func + (a: Counts, b: Counts) -> Counts {
    Counts(
      truePositives: a.truePositives + b.truePositives,
      falsePositives: a.falsePositives + b.falsePositives,
      trueNegatives: a.trueNegatives + b.trueNegatives,
      falseNegatives: a.falseNegatives + b.falseNegatives)
  }
}

extension Tensor {
  /// `[batch, labels, …]` as `[rows, labels]`.
  func rowsOfLabels() -> Tensor {
    rank == 2 ? self : permuted([0] + Array(2..<rank) + [1]).reshaped(to: [-1, shape[1]])
  }

  /// The scores, or their sigmoids if any score is outside 0…1.
  func probabilities() -> Tensor {
    isWithinUnit ? self : sigmoid()
  }

  /// Whether all are in 0…1.
  var isWithinUnit: Bool {
    guard elementCount > 0 else { return true }
    return minimum().item() >= 0 && maximum().item() <= 1
  }
}

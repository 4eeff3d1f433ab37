internal import LevinTensor

extension CurveMetric {
  /// The points of one class, from the highest threshold, with the counts of scores that reach it.
  struct Points {
    var thresholds: [Double]
    var truePositives: [Int]
    var falsePositives: [Int]
    var positives: Int
    var negatives: Int
    /// Whether all targets are 0, whether as labels or as classes.
    var areTargetsZero = false
  }

  /// The points of each class; with `joined`, those of all classes treated as one.
  func points(_ states: [Tensor], joined: Bool = false) -> [Points] {
    guard let thresholds else { return exactPoints(states, joined: joined) }
    let numbers = states[0].scalars(as: Int64.self).map { Int($0) }
    let count = thresholds.count
    var classes = (0..<task.count).map { c in
      (0..<count).map { t in Array(numbers[((c * count + t) * 4)..<((c * count + t) * 4 + 4)]) }
    }
    if joined {
      classes = [
        (0..<count).map { t in (0..<4).map { i in classes.reduce(0) { $0 + $1[t][i] } } }
      ]
    }
    return classes.map { rows in
      Points(
        thresholds: thresholds.reversed(), truePositives: rows.reversed().map { $0[0] },
        falsePositives: rows.reversed().map { $0[1] },
        positives: rows.first.map { $0[0] + $0[3] } ?? 0,
        negatives: rows.first.map { $0[1] + $0[2] } ?? 0)
    }
  }

  private func exactPoints(_ states: [Tensor], joined: Bool) -> [Points] {
    let areZero = states[1].areLabels(below: 1)
    let isOfClasses = joined && task.isMulticlass && task.count > 1
    return exactScores(states, joined: joined).map {
      Points($0, areTargetsZero: areZero && !isOfClasses)
    }
  }

  /// The scores of each class; with `joined`, those of all classes treated as one.
  private func exactScores(_ states: [Tensor], joined: Bool) -> [ClassScores] {
    let (scores, targets) = (states[0], states[1])
    guard joined, task.count > 1 else {
      return (0..<task.count).map { column($0, scores, targets) }
    }
    let flags = task.isMulticlass ? targets.oneHot(task.count) : targets
    return [
      ClassScores(
        scores.reshaped(to: [-1, 1]), flags.reshaped(to: [-1]), column: 0, positive: 1,
        ignoring: task.isMulticlass ? nil : options.ignoreIndex)
    ]
  }

  /// The points from which the values of the average are computed: of all classes treated as one, of each row, or of
  /// each class.
  final func averagedPoints(_ states: [Tensor]) -> [Points] {
    switch options.average {
    case .micro: points(states, joined: true)
    case .samples: rowScores(states).map { Points($0, areTargetsZero: false) }
    default: points(states)
    }
  }

  /// The exact scores that the points of ``averagedPoints(_:)`` are made of.
  final func averagedScores(_ states: [Tensor]) -> [ClassScores] {
    options.average == .samples
      ? rowScores(states) : exactScores(states, joined: options.average == .micro)
  }

  /// The scores of each row of labels.
  private func rowScores(_ states: [Tensor]) -> [ClassScores] {
    (0..<states[0].shape[0]).map { row in
      ClassScores(
        states[0][row].unsqueezed(1), states[1][row], column: 0, positive: 1,
        ignoring: options.ignoreIndex)
    }
  }

  /// The scores and targets of a class.
  func column(_ index: Int, _ scores: Tensor, _ targets: Tensor) -> ClassScores {
    ClassScores(
      scores.rank == 1 ? scores.unsqueezed(1) : scores, targets, column: index,
      positive: task.isMulticlass ? index : 1, ignoring: options.ignoreIndex)
  }
}

extension CurveMetric.Points {
  /// The points of decisions with exact scores.
  init(_ scores: ClassScores, areTargetsZero: Bool) {
    let ranks = scores.ranks
    self.init(
      thresholds: ranks.map { Double($0.score) }, truePositives: ranks.map(\.targets),
      falsePositives: ranks.map(\.others), positives: ranks.last?.targets ?? 0,
      negatives: ranks.last?.others ?? 0, areTargetsZero: areTargetsZero)
  }

  /// The area under the ROC by the trapezoidal rule, in integers, from the highest threshold to the lowest; 0 without
  /// targets or without others.
  var area: Double {
    guard positives > 0, negatives > 0 else { return 0 }
    var (x, y, twice) = (falsePositives[0], truePositives[0], 0)
    for index in falsePositives.indices {
      twice += (falsePositives[index] - x) * (truePositives[index] + y)
      (x, y) = (falsePositives[index], truePositives[index])
    }
    return Double(twice) / 2 / Double(positives) / Double(negatives)
  }
}

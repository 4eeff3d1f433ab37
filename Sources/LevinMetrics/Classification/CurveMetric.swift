internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// A metric based on decisions at every threshold of the scores.
///
/// Scores have the task's shapes, and targets are labels. If any score in a batch is outside 0…1, all are treated as
/// logits, unless the ``Normalization`` says otherwise. Exact curves keep all scores (float32) and sort them once, when the value is computed; with `thresholds`,
/// only counts are kept.
open class CurveMetric: Metric {
  /// What becomes of a batch in which a score is outside 0…1.
  public enum Normalization: String, Sendable, Codable, CaseIterable {
    /// The sigmoids of its scores; the softmax of those of classes.
    case automatic
    /// The sigmoids of its scores.
    case sigmoid
    /// The softmax of the scores of classes.
    case softmax
    /// Nothing: thresholds are on the scores' own scale.
    case none
  }

  /// The options of metrics of curves.
  public struct Options: TaskOptions {
    /// The kind of prediction.
    public var task = ClassificationTask.Kind.binary
    /// The number of classes or labels; a binary task needs none.
    public var classCount = 0
    /// How the values, or the curves, of classes are combined.
    public var average: Average?
    /// The thresholds, in ascending order; nil: every score.
    public var thresholds: [Double]?
    /// What becomes of a batch in which a score is outside 0…1.
    public var normalization = Normalization.automatic
    /// The target value that does not count.
    public var ignoreIndex: Int?

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if a task has too few classes, thresholds are not in order, or there is a softmax of
    /// something else than classes.
    public func validate() throws {
      try requireTask()
      if let thresholds, thresholds.isEmpty || thresholds != thresholds.sorted() {
        throw ConfigError(
          "thresholds: found \(thresholds); expected numbers in ascending order", key: "thresholds")
      }
      if normalization == .softmax, task != .multiclass {
        throw ConfigError(
          "normalization: found softmax for a \(task) task; expected automatic, sigmoid or none",
          key: "normalization")
      }
    }
    /// A sentence about each option.
    public static let help = MetricHelp.task([
      "average": "", "thresholds": "",
      "normalization":
        "What becomes of a batch in which a score is outside 0 to 1; automatic: sigmoids, or the softmax of classes.",
    ])
  }

  /// The options.
  public final let options: Options
  /// The task.
  public final let task: ClassificationTask
  /// The thresholds, in ascending order; nil: every score.
  final var thresholds: [Double]? { options.thresholds }

  /// Traps if an option is out of range.
  public init(_ options: Options) {
    self.options = options.checked(for: "\(Self.self)")
    task = options.fullTask
    let (task, thresholds) = (task, options.thresholds)
    let columns = task.count
    super.init(
      thresholds.map { [.sum("counts", of: [columns, $0.count, 4], .int64)] }
        ?? [
          .list("scores", of: task == .binary ? [] : [columns], .float32),
          .list("targets", of: task.isMulticlass || task == .binary ? [] : [columns], .int64),
        ])
  }

  /// Traps if an argument is out of range.
  public convenience init(
    _ task: ClassificationTask, average: Average? = nil, thresholds: [Double]? = nil,
    normalization: Normalization = .automatic, ignoreIndex: Int? = nil
  ) {
    self.init(
      Options(task, ignoring: ignoreIndex) {
        ($0.average, $0.thresholds, $0.normalization) = (average, thresholds, normalization)
      })
  }

  /// Returns `count` evenly spaced thresholds from 0 to 1.
  public static func evenly(_ count: Int) -> [Double] {
    // Rounded to float32, in which scores are compared.
    Tensor.linspace(0, 1, count: count, dtype: .float32, device: .cpu)
      .scalars(as: Float.self).map { Double($0) }
  }

  open override var sharingKey: String? {
    "curve \(task) \(thresholds.map { "\($0)" } ?? "exact") \(options.normalization) "
      + (options.ignoreIndex.map(String.init) ?? "")
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    ClassificationChecks.shapes(predictions, targets, task, for: name)
    guard predictions.dtype.isFloatingPoint,
      !task.isMulticlass || predictions.rank == targets.rank + 1
    else {
      fail(
        name, "predictions \(predictions.shape) of dtype \(predictions.dtype.name)",
        expected: "scores, which curves are made of")
    }
    var (scores, labels) = (predictions.to(.float32), targets.to(.int64))
    switch task {
    case .binary where scores.rank == 1: break
    case .binary: (scores, labels) = (scores.reshaped(to: [-1]), labels.reshaped(to: [-1]))
    case .multiclass: (scores, labels) = (scores.rowsOfLabels(), labels.reshaped(to: [-1]))
    case .multilabel: (scores, labels) = (scores.rowsOfLabels(), labels.rowsOfLabels())
    }
    let ignoreIndex = options.ignoreIndex
    if let ignoreIndex, labels.rank == 1 {
      let kept = (labels .!= ignoreIndex).nonzero().reshaped(to: [-1])
      (scores, labels) = (scores.indexSelected(0, kept), labels.indexSelected(0, kept))
    }
    (scores, labels) = (scores.contiguous(), labels.contiguous())
    ClassificationChecks.labels(
      labels, below: task.isMulticlass ? task.count : 2, "target", ignoring: ignoreIndex, for: name)
    if options.normalization != .none, !scores.isWithinUnit { scores = normalized(scores) }
    guard let thresholds else { return [scores, labels] }
    return [counts(scores, labels, thresholds)]
  }

  private func normalized(_ scores: Tensor) -> Tensor {
    switch options.normalization {
    case .none: scores
    case .sigmoid: scores.sigmoid()
    case .softmax: scores.softmax(dimension: 1)
    case .automatic: task.isMulticlass ? scores.softmax(dimension: 1) : scores.sigmoid()
    }
  }

  /// The scores and targets of a class.
  private func column(_ index: Int, _ scores: Tensor, _ targets: Tensor) -> ClassScores {
    ClassScores(
      scores.rank == 1 ? scores.unsqueezed(1) : scores, targets, column: index,
      positive: task.isMulticlass ? index : 1, ignoring: options.ignoreIndex)
  }

  /// Counts `[classes, thresholds, 4]` of the scores that reach each threshold.
  private func counts(_ scores: Tensor, _ targets: Tensor, _ thresholds: [Double]) -> Tensor {
    let limits = thresholds.map { Float($0) }
    var result: [Int64] = []
    for index in 0..<task.count {
      // For each number of thresholds, the numbers of others and of targets that reach exactly so many.
      let reached = column(index, scores, targets).reaching(limits)
      let misses = stride(from: 0, to: reached.count, by: 2).reduce(0) { $0 + reached[$1] }
      let hits = reached.reduce(0, +) - misses
      var below = (hits: 0, misses: 0)
      for index in limits.indices {
        below.misses += reached[2 * index]
        below.hits += reached[2 * index + 1]
        result += [hits - below.hits, misses - below.misses, below.misses, below.hits]
          .map { Int64($0) }
      }
    }
    return Tensor(result, shape: [task.count, limits.count, 4])
  }

  // MARK: Points from the states

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

  /// The value of each class, or their average, which has already been made of the points if it is micro.
  final func combined(_ values: [Double], _ positives: [Int]) -> Tensor {
    switch options.average {
    case .some(.none): Tensor(values.map { Float($0) })
    case .macro, .weighted: Tensor(Float(mean(values, positives: positives)))
    case .samples: Tensor(Float(values.reduce(0, +) / Double(values.count)))
    case nil, .micro: Tensor(Float(values[0]))
    }
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

  /// The mean of the values of classes that are not NaN; NaN if all are.
  final func mean(_ values: [Double], positives: [Int]) -> Double {
    let missing = values.indices.filter { values[$0].isNaN }
    if !missing.isEmpty {
      MetricWarning.tell(
        "\(name): the value of \(missing.map { "class \($0)" }.joined(separator: ", ")) is NaN, and is left out of the "
          + "\(options.average?.rawValue ?? "") average")
    }
    let kept = values.indices.filter { !values[$0].isNaN }
    let weights = kept.map { options.average == .weighted ? Double(positives[$0]) : 1 }
    let sum = weights.reduce(0, +)
    if options.average == .weighted, sum == 0 { return 0 }
    return zip(kept, weights).reduce(0) { $0 + values[$1.0] * $1.1 } / sum
  }

  /// The metric with the class at an index, for a warning.
  final func owner(_ index: Int) -> String {
    if options.average == .micro { return name }
    if options.average == .samples { return "\(name), row \(index)" }
    return switch task {
    case .binary: name
    case .multiclass: "\(name), class \(index)"
    case .multilabel: "\(name), label \(index)"
    }
  }
}

extension CurveMetric.Options {
  init(
    _ task: AveragedTask, thresholds: [Double]?, normalization: CurveMetric.Normalization,
    ignoreIndex: Int?
  ) {
    self.init(task.task, ignoring: ignoreIndex) {
      ($0.average, $0.thresholds) = (task.average, thresholds)
      $0.normalization = normalization
    }
  }

  /// Throws ``ConfigError`` unless the average is one that a number can have; a binary task needs none.
  func requireAverage() throws {
    let micro: [Average] = task == .multiclass ? [] : [.micro]
    let samples: [Average] = task == .multilabel && thresholds == nil ? [.samples] : []
    try require(average: average, of: micro + [.macro, .weighted, .none] + samples)
  }

  /// Throws ``ConfigError`` unless the average is one that a curve can have, or there is none.
  func requireCurveAverage() throws {
    guard average == nil || average == .micro || average == .macro,
      task != .binary || average == nil
    else {
      throw ConfigError(
        "average: found \(average?.rawValue ?? "null"); expected "
          + (task == .binary ? "null" : "micro, macro or null"), key: "average")
    }
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

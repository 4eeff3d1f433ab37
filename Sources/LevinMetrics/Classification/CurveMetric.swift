internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// A metric based on decisions at every threshold of the scores.
///
/// Scores have the task's shapes, and targets are labels. If any score in a batch is outside 0…1, all are treated as
/// logits. Exact curves keep all scores (float32) and sort them once, when the value is computed; with `thresholds`,
/// only counts are kept.
open class CurveMetric: Metric {
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
    /// The target value that does not count.
    public var ignoreIndex: Int?

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if a task has too few classes, or thresholds are not in order.
    public func validate() throws {
      try requireTask()
      if let thresholds, thresholds.isEmpty || thresholds != thresholds.sorted() {
        throw ConfigError(
          "thresholds: found \(thresholds); expected numbers in ascending order", key: "thresholds")
      }
    }
    /// A sentence about each option.
    public static let help = MetricHelp.task(["average": "", "thresholds": ""])
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
    ignoreIndex: Int? = nil
  ) {
    self.init(
      Options {
        $0.task = task.kind
        $0.classCount = task.count
        $0.average = average
        $0.thresholds = thresholds
        $0.ignoreIndex = ignoreIndex
      })
  }

  /// Returns `count` evenly spaced thresholds from 0 to 1.
  public static func evenly(_ count: Int) -> [Double] {
    // Rounded to float32, in which scores are compared.
    Tensor.linspace(0, 1, count: count, dtype: .float32, device: .cpu)
      .scalars(as: Float.self).map { Double($0) }
  }

  open override var sharingKey: String? {
    "curve \(task) \(thresholds.map { "\($0)" } ?? "exact") "
      + (options.ignoreIndex.map(String.init) ?? "")
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let name = "\(type(of: self))"
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
    case .binary: (scores, labels) = (scores.reshaped(to: [-1]), labels.reshaped(to: [-1]))
    case .multiclass: (scores, labels) = (scores.rowsOfLabels(), labels.reshaped(to: [-1]))
    case .multilabel: (scores, labels) = (scores.rowsOfLabels(), labels.rowsOfLabels())
    }
    let ignoreIndex = options.ignoreIndex
    if let ignoreIndex, labels.rank == 1 {
      let kept = (labels .!= ignoreIndex).nonzero().reshaped(to: [-1])
      (scores, labels) = (scores.indexSelected(0, kept), labels.indexSelected(0, kept))
    }
    ClassificationChecks.labels(
      labels.scalars(as: Int64.self).map {
        $0 == Int64(ignoreIndex ?? -1) ? (ignoreIndex == nil ? $0 : -1) : $0
      },
      below: task.isMulticlass ? task.count : 2, "target", ignoring: ignoreIndex, for: name)
    if !scores.isWithinUnit {
      scores = task.isMulticlass ? scores.softmax(dimension: 1) : scores.sigmoid()
    }
    guard let thresholds else { return [scores.contiguous(), labels.contiguous()] }
    return [counts(Columns(scores, labels, self), thresholds)]
  }

  /// The scores and targets of each class.
  struct Columns {
    let scores: [[Float]]
    /// Whether the class is the target; targets that do not count are left out.
    let targets: [[Bool]]

    init(_ scores: Tensor, _ labels: Tensor, _ metric: CurveMetric) {
      let (all, wanted) = (
        scores.contiguous().scalars(as: Float.self), labels.contiguous().scalars(as: Int64.self)
      )
      let count = metric.task.count
      let ignored = metric.options.ignoreIndex.map { Int64($0) }
      var (columns, targets) = ([[Float]](), [[Bool]]())
      for column in 0..<count {
        var (values, flags) = ([Float](), [Bool]())
        values.reserveCapacity(all.count / count)
        flags.reserveCapacity(all.count / count)
        for row in 0..<(all.count / count) {
          let target = wanted[metric.task.isMulticlass ? row : row * count + column]
          if target == ignored { continue }
          values.append(all[row * count + column])
          flags.append(metric.task.isMulticlass ? target == Int64(column) : target == 1)
        }
        columns.append(values)
        targets.append(flags)
      }
      (self.scores, self.targets) = (columns, targets)
    }
  }

  /// Counts `[classes, thresholds, 4]` of the scores that reach each threshold.
  private func counts(_ columns: Columns, _ thresholds: [Double]) -> Tensor {
    let limits = thresholds.map { Float($0) }
    var result: [Int64] = []
    for (scores, targets) in zip(columns.scores, columns.targets) {
      // For each number of thresholds, the number of scores that reach exactly so many.
      var reached = [(hits: Int64, misses: Int64)](repeating: (0, 0), count: limits.count + 1)
      for (score, isTarget) in zip(scores, targets) {
        let place = Self.countReached(limits, by: score)
        if isTarget { reached[place].hits += 1 } else { reached[place].misses += 1 }
      }
      let hits = reached.reduce(0) { $0 + $1.hits }
      let misses = reached.reduce(0) { $0 + $1.misses }
      var below: (hits: Int64, misses: Int64) = (0, 0)
      for index in limits.indices {
        below.hits += reached[index].hits
        below.misses += reached[index].misses
        result += [hits - below.hits, misses - below.misses, below.misses, below.hits]
      }
    }
    return Tensor(result, shape: [columns.scores.count, limits.count, 4])
  }

  /// The number of ascending limits that a score reaches; 0 for NaN.
  private static func countReached(_ limits: [Float], by score: Float) -> Int {
    var (low, high) = (0, limits.count)
    while low < high {
      let middle = (low + high) / 2
      if score >= limits[middle] { low = middle + 1 } else { high = middle }
    }
    return low
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
    let columns = Columns(states[0], states[1], self)
    let areZero = states[1].scalars(as: Int64.self).allSatisfy { $0 == 0 }
    guard joined else {
      return zip(columns.scores, columns.targets).map { Points($0, $1, areTargetsZero: areZero) }
    }
    return [
      Points(
        Array(columns.scores.joined()), Array(columns.targets.joined()),
        areTargetsZero: areZero && !task.isMulticlass)
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
    case .samples: rowPoints(states)
    default: points(states)
    }
  }

  /// The points of each row of labels.
  private func rowPoints(_ states: [Tensor]) -> [Points] {
    let (scores, targets) = (
      states[0].scalars(as: Float.self), states[1].scalars(as: Int64.self)
    )
    return stride(from: 0, to: scores.count, by: task.count).map { first in
      let kept = (first..<first + task.count).filter {
        options.ignoreIndex == nil || targets[$0] != Int64(options.ignoreIndex ?? 0)
      }
      return Points(kept.map { scores[$0] }, kept.map { targets[$0] == 1 }, areTargetsZero: false)
    }
  }

  /// The mean of the values of classes that are not NaN; NaN if all are.
  final func mean(_ values: [Double], positives: [Int]) -> Double {
    let name = "\(type(of: self))"
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
    if options.average == .micro { return "\(type(of: self))" }
    if options.average == .samples { return "\(type(of: self)), row \(index)" }
    return switch task {
    case .binary: "\(type(of: self))"
    case .multiclass: "\(type(of: self)), class \(index)"
    case .multilabel: "\(type(of: self)), label \(index)"
    }
  }
}

extension CurveMetric.Options {
  init(_ task: AveragedTask, thresholds: [Double]?, ignoreIndex: Int?) {
    self.init {
      ($0.task, $0.classCount, $0.average) = (task.task.kind, task.task.count, task.average)
      ($0.thresholds, $0.ignoreIndex) = (thresholds, ignoreIndex)
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
  init(_ scores: [Float], _ targets: [Bool], areTargetsZero: Bool) {
    let ranked = RankedScores(scores) { targets[$0] }
    self.init(
      thresholds: ranked.thresholds, truePositives: ranked.truePositives,
      falsePositives: ranked.falsePositives, positives: ranked.positives,
      negatives: ranked.negatives, areTargetsZero: areTargetsZero)
  }
}

internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// A metric based on decisions at every threshold of the scores.
///
/// Scores have the task's shapes, and targets are labels. If any score in a batch is outside 0…1, all are treated as
/// logits, unless the ``Normalization`` says otherwise. Exact curves keep all scores (float32) and sort them once, when the value is computed; with `thresholds`,
/// only counts are kept.
open class CurveMetric: Metric {
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

  /// The value of each class, or their average, which has already been made of the points if it is micro.
  final func combined(_ values: [Double], _ positives: [Int]) -> Tensor {
    switch options.average {
    case .some(.none): Tensor(values.map { Float($0) })
    case .macro, .weighted: Tensor(Float(mean(values, positives: positives)))
    case .samples: Tensor(Float(values.reduce(0, +) / Double(values.count)))
    case nil, .micro: Tensor(Float(values[0]))
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

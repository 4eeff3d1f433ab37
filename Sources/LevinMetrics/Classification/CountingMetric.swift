internal import LevinSystem
public import LevinTensor

/// A metric computed from how often each class was predicted and was the target: a formula of ``Counts``, and an
/// average.
///
/// Predictions are scores or labels of the task's shapes. Scores of a binary or multilabel task count as 1 above
/// `threshold`; if any of them is outside 0…1, all scores of the batch are treated as logits. The class with the
/// largest score is predicted, the first one if several are equal; with a `topK`, a target is correct if its score is
/// among the `topK` largest.
open class CountingMetric: Metric {
  /// The task, and how the values of classes are combined.
  public final let task: AveragedTask
  /// The threshold above which scores of a binary or multilabel task count as 1.
  public final let threshold: Double
  /// The number of largest scores among which the target counts as correct.
  public final let topK: Int
  /// The target value that does not count.
  public final let ignoreIndex: Int?
  /// The value of 0/0.
  public final let zeroDivision: Double

  /// Traps if an argument does not fit the task.
  public init(
    _ task: AveragedTask, threshold: Double = 0.5, topK: Int = 1, ignoreIndex: Int? = nil,
    zeroDivision: Double = 0
  ) {
    let name = "\(Self.self)"
    ClassificationChecks.task(task.task, for: name)
    if topK != 1 {
      guard task.task.isMulticlass, (1...task.task.count).contains(topK) else {
        fail(name, "a topK of \(topK)", expected: "1, or up to the number of classes")
      }
    }
    guard (0...1).contains(threshold) else {
      fail(name, "a threshold of \(threshold)", expected: "0 to 1")
    }
    if task.average == .samples, task.task.isMulticlass {
      fail(name, "the average samples of classes", expected: "micro, macro, weighted or none")
    }
    self.task = task
    self.threshold = threshold
    self.topK = topK
    self.ignoreIndex = ignoreIndex
    self.zeroDivision = zeroDivision
    super.init(
      task.average == .samples
        ? [.sum("scores", of: [], .float64), .sum("rows", of: [], .int64)]
        : [.sum("counts", of: [task.task.count, 4], .int64)])
  }

  /// The value of a class; subclasses override this.
  open func score(_ counts: Counts) -> Double {
    fail("score(_:)", "no override in \(type(of: self))", expected: "one in each metric")
  }

  open override var sharingKey: String? {
    guard task.average != .samples else { return nil }
    return "counts \(task.task) \(threshold) \(topK) \(ignoreIndex.map(String.init) ?? "")"
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let decisions = Decisions(
      predictions, targets, task.task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex,
      for: "\(type(of: self))")
    guard task.average != .samples else {
      let rows = decisions.countsOfRows()
      return [Tensor(rows.reduce(0) { $0 + score($1) }), Tensor(Int64(rows.count))]
    }
    let counts = decisions.counts(task.task).flatMap {
      [$0.truePositives, $0.falsePositives, $0.trueNegatives, $0.falseNegatives].map { Int64($0) }
    }
    return [Tensor(counts, shape: [task.task.count, 4])]
  }

  /// The counts of each class in a state.
  final func counts(in state: Tensor) -> [Counts] {
    let numbers = state.scalars(as: Int64.self).map { Int($0) }
    return (0..<(numbers.count / 4)).map {
      Counts(
        truePositives: numbers[4 * $0], falsePositives: numbers[4 * $0 + 1],
        trueNegatives: numbers[4 * $0 + 2], falseNegatives: numbers[4 * $0 + 3])
    }
  }

  open override func value(of states: [Tensor]) -> Tensor {
    if task.average == .samples {
      return Tensor(Float(ratio(states[0].item(), states[1].item(), zero: 0)))
    }
    let counts = counts(in: states[0])
    switch task.average {
    case .micro: return Tensor(Float(score(counts.reduce(Counts(), +))))
    case .none: return Tensor(counts.map { Float(score($0)) })
    default: return Tensor(Float(mean(counts)))
    }
  }

  /// Whether a class counts in the mean; if there are several, one that was neither predicted nor the target does not.
  func isPresent(_ counts: Counts) -> Bool {
    counts.truePositives + counts.falsePositives + counts.falseNegatives > 0
  }

  private func mean(_ counts: [Counts]) -> Double {
    let weights = counts.map { counts -> Double in
      if task.average == .weighted { return Double(counts.support) }
      return !task.task.isMulticlass || isPresent(counts) ? 1 : 0
    }
    // A class with weight 0 does not count, even if its value is NaN.
    let sum = zip(counts, weights).reduce(0) { $1.1 == 0 ? $0 : $0 + score($1.0) * $1.1 }
    return ratio(sum, weights.reduce(0, +), zero: 0)
  }

  /// `a / b`, or `zero` if b is 0; `zero` is ``zeroDivision`` by default.
  public final func ratio(_ a: Double, _ b: Double, zero: Double? = nil) -> Double {
    b == 0 ? zero ?? zeroDivision : a / b
  }
  /// `a / b`, or ``zeroDivision`` if b is 0.
  public final func ratio(_ a: Int, _ b: Int) -> Double { ratio(Double(a), Double(b)) }
}

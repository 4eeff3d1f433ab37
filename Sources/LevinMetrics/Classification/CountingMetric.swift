internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// A metric computed from how often each class was predicted and was the target: a formula of ``Counts``, and an
/// average.
///
/// Predictions are scores or labels of the task's shapes. Scores of a binary or multilabel task count as 1 above
/// the threshold; if any of them is outside 0…1, all scores of the batch are treated as logits. The class with the
/// largest score is predicted, the first one if several are equal; with a `topK`, a target is correct if its score is
/// among the `topK` largest. With ``MultidimAverage/samplewise``, the value has a first dimension of samples.
open class CountingMetric: Metric {
  /// The options of metrics that count decisions.
  public struct Options: TaskOptions {
    /// The kind of prediction.
    public var task = ClassificationTask.Kind.binary
    /// The number of classes or labels; a binary task needs none.
    public var classCount = 0
    /// How the values of classes are combined; a binary task needs no average, all others need one.
    public var average: Average?
    /// The threshold above which scores of a binary or multilabel task count as 1.
    public var threshold = 0.5
    /// The number of largest scores among which the target counts as correct.
    public var topK = 1
    /// The target value that does not count.
    public var ignoreIndex: Int?
    /// The value of 0/0.
    public var zeroDivision = 0.0
    /// What becomes of further dimensions.
    public var multidimAverage = MultidimAverage.global

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range, or does not fit the task.
    public func validate() throws {
      try requireTask()
      let averages: [Average] = [.micro, .macro, .weighted, .none]
      try require(average: average, of: task == .multilabel ? averages + [.samples] : averages)
      try require("threshold", threshold, in: 0...1)
      try require("top_k", topK, in: 1...(task == .multiclass ? classCount : 1))
      if average == .samples, multidimAverage == .samplewise {
        throw ConfigError(
          "multidim_average: found samplewise with the average samples; expected global",
          key: "multidim_average")
      }
    }

    /// A sentence about each option.
    public static let help = MetricHelp.task([
      "average": "", "threshold": "", "top_k": "", "zero_division": "", "multidim_average": "",
    ])
  }

  /// The options.
  public final let options: Options
  /// The task.
  public final let task: ClassificationTask
  final let average: Average

  /// Traps if an option is out of range, or does not fit the task.
  public init(_ options: Options) {
    self.options = options.checked(for: "\(Self.self)")
    task = options.fullTask
    average = options.task == .binary ? .micro : options.average ?? .micro
    let counts = Shape([task.count, 4])
    super.init(
      average == .samples
        ? [.sum("scores", of: [], .float64), .sum("rows", of: [], .int64)]
        : [
          options.multidimAverage == .global
            ? .sum("counts", of: counts, .int64) : .list("counts", of: counts, .int64)
        ])
  }

  /// Traps if an argument is out of range, or does not fit the task.
  public convenience init(
    _ task: AveragedTask, threshold: Double = 0.5, topK: Int = 1, ignoreIndex: Int? = nil,
    zeroDivision: Double = 0, multidimAverage: MultidimAverage = .global
  ) {
    self.init(
      Options(task.task, ignoring: ignoreIndex) {
        ($0.average, $0.threshold, $0.topK) = (task.average, threshold, topK)
        ($0.zeroDivision, $0.multidimAverage) = (zeroDivision, multidimAverage)
      })
  }

  /// The value of a class; subclasses override this.
  open func score(_ counts: Counts) -> Double {
    fail("score(_:)", "no override in \(name)", expected: "one in each metric")
  }

  open override var sharingKey: String? {
    guard average != .samples else { return nil }
    return "counts \(task) \(options.threshold) \(options.topK) \(options.multidimAverage) "
      + (options.ignoreIndex.map(String.init) ?? "")
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let isOfRows = average == .samples
    let decisions = Decisions(
      predictions, targets, task, threshold: options.threshold, topK: options.topK,
      ignoreIndex: options.ignoreIndex, ofRows: isOfRows, for: name)
    if isOfRows {
      let rows = Counts.all(in: decisions.counts())
      return [Tensor(rows.reduce(0) { $0 + score($1) }), Tensor(Int64(rows.count))]
    }
    guard options.multidimAverage == .samplewise else { return [decisions.counts()] }
    let rank = task.kind == .multilabel ? 3 : 2
    guard targets.rank >= rank else {
      fail(
        name, "targets \(targets.shape)",
        expected: "\(rank) dimensions or more, for a value of each sample")
    }
    let samples = decisions.split().map { $0.counts() }
    return [samples.isEmpty ? kept[0].initial : .stacked(samples)]
  }

  public final override func value(of states: [Tensor]) -> Tensor {
    if average == .samples {
      return Tensor(Float(ratio(states[0].item(), states[1].item(), zero: 0)))
    }
    let counts = Counts.all(in: states[0])
    guard options.multidimAverage == .samplewise else { return combined(counts) }
    guard !counts.isEmpty else { return Tensor([] as [Float]) }
    return .stacked(
      stride(from: 0, to: counts.count, by: task.count).map { first in
        combined(Array(counts[first..<first + task.count]))
      })
  }

  /// The value for the counts of all classes.
  func combined(_ counts: [Counts]) -> Tensor {
    switch average {
    case .micro: Tensor(Float(score(counts.reduce(Counts(), +))))
    case .none: Tensor(counts.map { Float(score($0)) })
    default: Tensor(Float(mean(counts)))
    }
  }

  /// Whether a class counts in the mean; if there are several, one that was neither predicted nor the target does not.
  func isPresent(_ counts: Counts) -> Bool {
    counts.truePositives + counts.falsePositives + counts.falseNegatives > 0
  }

  private func mean(_ counts: [Counts]) -> Double {
    let weights = counts.map { counts -> Double in
      if average == .weighted { return Double(counts.support) }
      return !task.isMulticlass || isPresent(counts) ? 1 : 0
    }
    // A class with weight 0 does not count, even if its value is NaN.
    let sum = zip(counts, weights).reduce(0) { $1.1 == 0 ? $0 : $0 + score($1.0) * $1.1 }
    return ratio(sum, weights.reduce(0, +), zero: 0)
  }

  /// `a / b`, or `zero` if b is 0; `zero` is the option `zeroDivision` by default.
  public final func ratio(_ a: Double, _ b: Double, zero: Double? = nil) -> Double {
    b == 0 ? zero ?? options.zeroDivision : a / b
  }
  /// `a / b`, or the option `zeroDivision` if b is 0.
  public final func ratio(_ a: Int, _ b: Int) -> Double { ratio(Double(a), Double(b)) }
}

/// What becomes of the dimensions after the first (or the second, of scores).
public enum MultidimAverage: String, Sendable, Codable, CaseIterable {
  /// They count as more samples.
  case global
  /// Each sample has a value of its own, over its further dimensions.
  case samplewise
}

public import LevinConfiguration
public import LevinTensor

/// The weighted harmonic mean of precision and recall, in which recall counts β times as much (van Rijsbergen 1979;
/// torchmetrics' `FBetaScore`).
public final class FBetaScore: CountingMetric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``FBetaScore``: those of all metrics that count decisions, and β, as fields of one set.
  public struct Options: HyperparameterSet {
    /// How decisions are counted.
    public var counting = CountingMetric.Options()
    /// How many times as much as precision recall counts.
    public var beta = 1.0

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range, or does not fit the task.
    public func validate() throws {
      try counting.validate()
      try require("beta", beta, atLeast: 0)
    }

    /// A sentence about each option.
    public static let help = CountingMetric.Options.help.merging([
      "beta": "How many times as much as precision recall counts."
    ]) { $1 }
  }

  /// How many times as much as precision recall counts.
  public let beta: Double

  /// Traps if an option is out of range, or does not fit the task.
  public init(_ options: Options) {
    beta = options.checked(for: "FBetaScore").beta
    super.init(options.counting)
  }

  /// Traps if an argument is out of range, or does not fit the task.
  public convenience init(
    _ task: AveragedTask, beta: Double, threshold: Double = 0.5, topK: Int = 1,
    ignoreIndex: Int? = nil, zeroDivision: Double = 0, multidimAverage: MultidimAverage = .global
  ) {
    let counting = F1Score(
      task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex, zeroDivision: zeroDivision,
      multidimAverage: multidimAverage
    ).options
    self.init(
      Options {
        $0.counting = counting
        $0.beta = beta
      })
  }

  public override func score(_ counts: Counts) -> Double { fScore(counts, beta: beta) }
}

/// The harmonic mean of precision and recall (torchmetrics' `F1Score`).
public final class F1Score: CountingMetric {
  public override var higherIsBetter: Bool? { true }

  public override func score(_ counts: Counts) -> Double { fScore(counts, beta: 1) }
}

extension FBetaScore.Options {
  private enum CodingKeys: CodingKey { case beta }

  /// Decodes all options from one object.
  public init(from decoder: any Decoder) throws {
    counting = try .init(from: decoder)
    beta = try decoder.container(keyedBy: CodingKeys.self).decode(Double.self, forKey: .beta)
  }

  /// Encodes all options into one object.
  public func encode(to encoder: any Encoder) throws {
    try counting.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(beta, forKey: .beta)
  }
}

extension CountingMetric {
  fileprivate final func fScore(_ counts: Counts, beta: Double) -> Double {
    let square = beta * beta
    let hits = (1 + square) * Double(counts.truePositives)
    return ratio(
      hits, hits + square * Double(counts.falseNegatives) + Double(counts.falsePositives))
  }
}

/// ``F1Score`` of one batch.
public func f1Score(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, threshold: Double = 0.5,
  topK: Int = 1, ignoreIndex: Int? = nil, zeroDivision: Double = 0,
  multidimAverage: MultidimAverage = .global
) -> Tensor {
  F1Score(
    task, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex, zeroDivision: zeroDivision,
    multidimAverage: multidimAverage
  ).evaluate(predictions, targets)
}

/// ``FBetaScore`` of one batch.
public func fBetaScore(
  _ predictions: Tensor, _ targets: Tensor, _ task: AveragedTask, beta: Double,
  threshold: Double = 0.5, topK: Int = 1, ignoreIndex: Int? = nil, zeroDivision: Double = 0,
  multidimAverage: MultidimAverage = .global
) -> Tensor {
  FBetaScore(
    task, beta: beta, threshold: threshold, topK: topK, ignoreIndex: ignoreIndex,
    zeroDivision: zeroDivision,
    multidimAverage: multidimAverage
  ).evaluate(predictions, targets)
}

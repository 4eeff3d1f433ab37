public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// How the values of several outputs are combined.
public enum MultiOutput: String, Sendable, Codable, CaseIterable {
  /// A value for each output.
  case rawValues = "raw_values"
  /// Their mean.
  case uniformAverage = "uniform_average"
  /// Their mean, weighted by the variance of each output's targets.
  case varianceWeighted = "variance_weighted"

  func combine(_ values: [Double], _ variances: [Double]) -> Tensor {
    switch self {
    case .rawValues: return Tensor(values.map { Float($0) })
    case .uniformAverage: return Tensor(Float(values.reduce(0, +) / Double(values.count)))
    case .varianceWeighted:
      let sum = variances.reduce(0, +)
      return Tensor(Float(zip(values, variances).reduce(0) { $0 + $1.0 * $1.1 / sum }))
    }
  }
}

/// The fraction of the targets' variance that predictions `[batch]` or `[batch, outputs]` explain (torchmetrics'
/// `R2Score`): 1 is perfect, 0 is as good as the mean.
public final class R2Score: Metric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``R2Score``.
  public struct Options: HyperparameterSet {
    /// The number of outputs per sample.
    public var outputs = 1
    /// The number of independent variables for which the value is adjusted; with 0 it is not adjusted.
    public var adjusted = 0
    /// How the values of outputs are combined.
    public var multiOutput = MultiOutput.uniformAverage

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range.
    public func validate() throws {
      try require("outputs", outputs, atLeast: 1)
      try require("adjusted", adjusted, atLeast: 0)
    }
    /// A sentence about each option.
    public static let help = [
      "outputs": MetricHelp.outputs, "multi_output": MetricHelp.multiOutput,
      "adjusted":
        "The number of independent variables for which the value is adjusted; 0: it is not adjusted.",
    ]
  }

  /// The options.
  public let options: Options

  /// Creates a metric that has not seen any data; traps if an argument is out of range.
  public convenience init(
    outputs: Int = 1, adjusted: Int = 0, multiOutput: MultiOutput = .uniformAverage
  ) {
    self.init(
      Options {
        $0.outputs = outputs
        $0.adjusted = adjusted
        $0.multiOutput = multiOutput
      })
  }

  /// Creates a metric that has not seen any data; traps if an option is out of range.
  public init(_ options: Options) {
    self.options = options.checked(for: "R2Score")
    let outputs = options.outputs
    super.init([
      .sum("squares", of: [outputs], .float64), .sum("targets", of: [outputs], .float64),
      .sum("residuals", of: [outputs], .float64), .sum("count", of: [], .int64),
    ])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let (p, t) = RegressionChecks.columns(
      predictions, targets, outputs: options.outputs, for: "R2Score")
    return [
      t.squared().sum(dimension: 0), t.sum(dimension: 0), (t - p).squared().sum(dimension: 0),
      Tensor(Int64(t.shape[0])),
    ]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let count = states[3].item()
    guard count >= 2 else { fail("R2Score", "\(Int(count)) samples", expected: "2 or more") }
    let (squares, sums, residuals) = (
      states[0].scalars(as: Double.self), states[1].scalars(as: Double.self),
      states[2].scalars(as: Double.self)
    )
    let variances = zip(squares, sums).map { $0 - $1 * $1 / count }
    let values = zip(residuals, variances).map { residual, variance -> Double in
      // As in torchmetrics: targets that hardly vary.
      if abs(residual) <= 1e-4 { return 1 }
      return abs(variance) <= 1e-4 ? 0 : 1 - residual / variance
    }
    let score = options.multiOutput.combine(values, variances)
    let adjusted = options.adjusted
    guard adjusted > 0 else { return score }
    guard Double(adjusted) < count - 1 else {
      MetricWarning.tell(
        "R2Score: \(Int(count)) samples are too few to adjust by \(adjusted) variables")
      return score
    }
    return 1 - (1 - score) * ((count - 1) / (count - Double(adjusted) - 1))
  }
}

/// ``R2Score`` of one batch.
public func r2Score(
  _ predictions: Tensor, _ targets: Tensor, outputs: Int = 1, adjusted: Int = 0,
  multiOutput: MultiOutput = .uniformAverage
) -> Tensor {
  R2Score(outputs: outputs, adjusted: adjusted, multiOutput: multiOutput)
    .evaluate(predictions, targets)
}

public import LevinConfiguration
public import LevinTensor

/// The fraction of the targets' variance that is explained, whatever the mean difference (torchmetrics'
/// `ExplainedVariance`).
public final class ExplainedVariance: Metric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``ExplainedVariance``.
  public struct Options: HyperparameterSet {
    /// The number of outputs per sample.
    public var outputs = 1
    /// How the values of outputs are combined.
    public var multiOutput = MultiOutput.uniformAverage

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if there are no outputs.
    public func validate() throws { try require("outputs", outputs, atLeast: 1) }
    /// A sentence about each option.
    public static let help = [
      "outputs": MetricHelp.outputs, "multi_output": MetricHelp.multiOutput,
    ]
  }

  /// The options.
  public let options: Options

  /// Creates a metric that has not seen any data; traps if there are no outputs.
  public convenience init(outputs: Int = 1, multiOutput: MultiOutput = .uniformAverage) {
    self.init(
      Options {
        $0.outputs = outputs
        $0.multiOutput = multiOutput
      })
  }

  /// Creates a metric that has not seen any data; traps if there are no outputs.
  public init(_ options: Options) {
    self.options = options.checked(for: "ExplainedVariance")
    let outputs = options.outputs
    super.init([
      .sum("count", of: [], .int64), .sum("errors", of: [outputs], .float64),
      .sum("squared_errors", of: [outputs], .float64), .sum("targets", of: [outputs], .float64),
      .sum("squared_targets", of: [outputs], .float64),
    ])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let (p, t) = RegressionChecks.columns(
      predictions, targets, outputs: options.outputs, for: "ExplainedVariance")
    let errors = t - p
    return [
      Tensor(Int64(t.shape[0])), errors.sum(dimension: 0), errors.squared().sum(dimension: 0),
      t.sum(dimension: 0), t.squared().sum(dimension: 0),
    ]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let count = states[0].item()
    func variances(_ sums: Tensor, _ squares: Tensor) -> [Double] {
      zip(sums.scalars(as: Double.self), squares.scalars(as: Double.self)).map {
        $1 / count - ($0 / count) * ($0 / count)
      }
    }
    let (errors, targets) = (variances(states[1], states[2]), variances(states[3], states[4]))
    let values = zip(errors, targets).map { error, target in
      error == 0 ? 1 : target == 0 ? 0 : 1 - error / target
    }
    return options.multiOutput.combine(values, targets)
  }
}

/// ``ExplainedVariance`` of one batch.
public func explainedVariance(
  _ predictions: Tensor, _ targets: Tensor, outputs: Int = 1,
  multiOutput: MultiOutput = .uniformAverage
) -> Tensor {
  ExplainedVariance(outputs: outputs, multiOutput: multiOutput).evaluate(predictions, targets)
}

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
  /// The number of outputs per sample.
  public let outputs: Int
  /// The number of independent variables for which the value is adjusted; with 0 it is not adjusted.
  public let adjusted: Int
  /// How the values of outputs are combined.
  public let multiOutput: MultiOutput

  /// Creates a metric that has not seen any data.
  public init(outputs: Int = 1, adjusted: Int = 0, multiOutput: MultiOutput = .uniformAverage) {
    (self.outputs, self.adjusted, self.multiOutput) = (outputs, adjusted, multiOutput)
    super.init([
      .sum("squares", of: [outputs], .float64), .sum("targets", of: [outputs], .float64),
      .sum("residuals", of: [outputs], .float64), .sum("count", of: [], .int64),
    ])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let (p, t) = RegressionChecks.columns(predictions, targets, outputs: outputs, for: "R2Score")
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
    let score = multiOutput.combine(values, variances)
    guard adjusted > 0 else { return score }
    guard Double(adjusted) < count - 1 else {
      MetricWarning.tell(
        "R2Score: \(Int(count)) samples are too few to adjust by \(adjusted) variables")
      return score
    }
    return 1 - (1 - score) * ((count - 1) / (count - Double(adjusted) - 1))
  }
}

/// The fraction of the targets' variance that is explained, whatever the mean difference (torchmetrics'
/// `ExplainedVariance`).
public final class ExplainedVariance: Metric {
  /// The number of outputs per sample.
  public let outputs: Int
  /// How the values of outputs are combined.
  public let multiOutput: MultiOutput

  /// Creates a metric that has not seen any data.
  public init(outputs: Int = 1, multiOutput: MultiOutput = .uniformAverage) {
    (self.outputs, self.multiOutput) = (outputs, multiOutput)
    super.init([
      .sum("count", of: [], .int64), .sum("errors", of: [outputs], .float64),
      .sum("squared_errors", of: [outputs], .float64), .sum("targets", of: [outputs], .float64),
      .sum("squared_targets", of: [outputs], .float64),
    ])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let (p, t) = RegressionChecks.columns(
      predictions, targets, outputs: outputs, for: "ExplainedVariance")
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
    return multiOutput.combine(values, targets)
  }
}

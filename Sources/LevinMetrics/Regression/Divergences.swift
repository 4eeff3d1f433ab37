internal import LevinSystem
public import LevinTensor

/// How the numbers of rows are combined.
public enum RowReduction: String, Sendable, Codable, CaseIterable { case mean, sum, none }

/// A metric with one number for each row of `[rows, elements]`, in float64.
public class RowMetric: Metric {
  /// How the numbers of rows are combined.
  public final let reduction: RowReduction

  init(_ reduction: RowReduction) {
    self.reduction = reduction
    super.init(
      reduction == .none
        ? [.list("rows", .float64)]
        : [.sum("sum", of: [], .float64), .sum("count", of: [], .int64)])
  }

  func rows(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    fail("rows(_:_:)", "no override in \(type(of: self))", expected: "one in each metric")
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let name = "\(type(of: self))"
    RegressionChecks.shapes(predictions, targets, for: name)
    guard predictions.rank == 2 else {
      fail(name, "shape \(predictions.shape)", expected: "[rows, elements]")
    }
    let rows = rows(predictions.to(.float64), targets.to(.float64))
    return reduction == .none ? [rows] : [rows.sum(), Tensor(Int64(rows.elementCount))]
  }

  public final override func value(of states: [Tensor]) -> Tensor {
    switch reduction {
    case .none, .sum: states[0].to(.float32)
    case .mean: (states[0] / states[1]).to(.float32)
    }
  }
}

/// The divergence of the distributions in the second argument from those in the first, in nats (Kullback and Leibler
/// 1951; torchmetrics' `KLDivergence`).
///
/// Rows are normalized to sum to 1, unless they are logarithms.
public final class KLDivergence: RowMetric {
  /// Whether the rows are logarithms of probabilities.
  public let logProbabilities: Bool

  /// Creates a metric that has not seen any data.
  public init(logProbabilities: Bool = false, reduction: RowReduction = .mean) {
    self.logProbabilities = logProbabilities
    super.init(reduction)
  }

  override func rows(_ p: Tensor, _ q: Tensor) -> Tensor {
    if logProbabilities { return (p.exp() * (p - q)).sum(dimension: -1) }
    let (p, q) = (
      p / p.sum(dimension: -1, keepDimension: true), q / q.sum(dimension: -1, keepDimension: true)
    )
    return (p * (p / q).log()).maskedFill(p .== 0, with: 0).sum(dimension: -1)
  }
}

/// The cosine of the angle between rows (torchmetrics' `CosineSimilarity`, which here is the name of a layer).
public final class CosineSimilarityMetric: RowMetric {
  public override init(_ reduction: RowReduction) { super.init(reduction) }
  override func rows(_ a: Tensor, _ b: Tensor) -> Tensor {
    (a * b).sum(dimension: -1) / (a.norm(dimension: -1) * b.norm(dimension: -1))
  }
}

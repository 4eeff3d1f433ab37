public import LevinConfiguration
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
    fail("rows(_:_:)", "no override in \(name)", expected: "one in each metric")
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
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
  public override var higherIsBetter: Bool? { false }

  /// The options of ``KLDivergence``.
  public struct Options: HyperparameterSet {
    /// Whether the rows are logarithms of probabilities.
    public var logProbabilities = false
    /// How the numbers of rows are combined.
    public var reduction = RowReduction.mean

    /// Creates options with their defaults.
    public init() {}
    /// A sentence about each option.
    public static let help = [
      "log_probabilities": "Whether the rows are logarithms of probabilities.",
      "reduction": "How the numbers of rows are combined.",
    ]
  }

  /// The options.
  public let options: Options

  /// Creates a metric that has not seen any data.
  public init(_ options: Options) {
    self.options = options
    super.init(options.reduction)
  }

  /// Creates a metric that has not seen any data.
  public convenience init(logProbabilities: Bool = false, reduction: RowReduction = .mean) {
    self.init(
      Options {
        $0.logProbabilities = logProbabilities
        $0.reduction = reduction
      })
  }

  override func rows(_ p: Tensor, _ q: Tensor) -> Tensor {
    if options.logProbabilities { return (p.exp() * (p - q)).sum(dimension: -1) }
    let (p, q) = (
      p / p.sum(dimension: -1, keepDimension: true), q / q.sum(dimension: -1, keepDimension: true)
    )
    return (p * (p / q).log()).maskedFill(p .== 0, with: 0).sum(dimension: -1)
  }
}

/// The cosine of the angle between rows (torchmetrics' `CosineSimilarity`, which here is the name of a layer).
public final class CosineSimilarityMetric: RowMetric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``CosineSimilarityMetric``; torchmetrics' reduction is `sum`.
  public struct Options: HyperparameterSet {
    /// How the numbers of rows are combined.
    public var reduction = RowReduction.sum

    /// Creates options with their defaults.
    public init() {}
    /// A sentence about each option.
    public static let help = ["reduction": "How the numbers of rows are combined."]
  }

  /// Creates a metric that has not seen any data.
  public override init(_ reduction: RowReduction) { super.init(reduction) }
  /// Creates a metric that has not seen any data.
  public convenience init(_ options: Options) { self.init(options.reduction) }

  override func rows(_ a: Tensor, _ b: Tensor) -> Tensor {
    (a * b).sum(dimension: -1) / (a.norm(dimension: -1) * b.norm(dimension: -1))
  }
}

/// ``KLDivergence`` of one batch.
public func klDivergence(
  _ p: Tensor, _ q: Tensor, logProbabilities: Bool = false, reduction: RowReduction = .mean
) -> Tensor {
  KLDivergence(logProbabilities: logProbabilities, reduction: reduction).evaluate(p, q)
}

/// ``CosineSimilarityMetric`` of one batch.
public func cosineSimilarity(
  _ predictions: Tensor, _ targets: Tensor, _ reduction: RowReduction
) -> Tensor { CosineSimilarityMetric(reduction).evaluate(predictions, targets) }

internal import LevinSystem
public import LevinTensor

/// The linear correlation of predictions and targets `[batch]`, −1 to 1, or NaN if one of them does not vary (Pearson;
/// torchmetrics' `PearsonCorrCoef`).
public final class PearsonCorrCoef: Metric {
  /// Creates a metric that has not seen any data.
  public init() {
    // Relative to the first numbers, so that little precision is lost if all are far from 0.
    super.init([.list("predictions", .float64), .list("targets", .float64)])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let (p, t) = RegressionChecks.columns(predictions, targets, outputs: 1, for: "PearsonCorrCoef")
    return [p.reshaped(to: [-1]), t.reshaped(to: [-1])]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let value = correlation(states[0].scalars(as: Double.self), states[1].scalars(as: Double.self))
    if value.isNaN {
      MetricWarning.tell("PearsonCorrCoef: predictions or targets do not vary; the value is NaN")
    }
    return Tensor(Float(value))
  }
}

/// The correlation of the ranks of predictions and targets `[batch]`, −1 to 1 (Spearman; torchmetrics' `SpearmanCorrCoef`).
public final class SpearmanCorrCoef: Metric {
  /// Creates a metric that has not seen any data.
  public init() { super.init([.list("predictions", .float64), .list("targets", .float64)]) }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let (p, t) = RegressionChecks.columns(predictions, targets, outputs: 1, for: "SpearmanCorrCoef")
    return [p.reshaped(to: [-1]), t.reshaped(to: [-1])]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let (a, b) = (ranks(states[0]), ranks(states[1]))
    return Tensor(Float(correlation(a, b, added: 1e-6, least: 0)))
  }

  /// The rank of each number, from 1; equal numbers share the mean of their ranks.
  private func ranks(_ numbers: Tensor) -> [Double] {
    let values = numbers.scalars(as: Double.self)
    let order = values.indices.sorted { values[$0] < values[$1] }
    var result = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for index in order[start..<end] { result[index] = Double(start + 1 + end) / 2 }
      start = end
    }
    return result
  }
}

/// The correlation of two lists of numbers; NaN if the variance of one is below `least`.
private func correlation(
  _ a: [Double], _ b: [Double], added: Double = 0, least: Double = 1.5e-8
) -> Double {
  let count = Double(a.count)
  let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
  var (squareA, squareB, product) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    squareA += (x - meanA) * (x - meanA)
    squareB += (y - meanB) * (y - meanB)
    product += (x - meanA) * (y - meanB)
  }
  let (varianceA, varianceB) = (squareA / count, squareB / count)
  guard varianceA >= least, varianceB >= least else { return .nan }
  let spread = varianceA.squareRoot() * varianceB.squareRoot() + added
  return max(-1, min(1, product / count / spread))
}

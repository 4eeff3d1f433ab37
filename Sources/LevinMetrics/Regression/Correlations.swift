internal import LevinConfiguration
public import LevinTensor

/// A correlation of predictions and targets, `[batch]` or `[batch, outputs]`, all of which are kept in float64.
public class CorrelationMetric: Metric {
  private let outputs: Int

  init(ofOutputs outputs: Int) {
    self.outputs = outputs
    let shape: Shape = outputs == 1 ? [] : [outputs]
    super.init([.list("predictions", of: shape, .float64), .list("targets", of: shape, .float64)])
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let (p, t) = RegressionChecks.columns(
      predictions, targets, outputs: outputs, for: name)
    return outputs == 1 ? [p.reshaped(to: [-1]), t.reshaped(to: [-1])] : [p, t]
  }

  public final override func value(of states: [Tensor]) -> Tensor {
    let (p, t) = (states[0].reshaped(to: [-1, outputs]), states[1].reshaped(to: [-1, outputs]))
    let values = (0..<outputs).map { output in
      value(
        p[.all, output].scalars(as: Double.self), t[.all, output].scalars(as: Double.self),
        of: outputs == 1 ? "" : ", output \(output)")
    }
    return outputs == 1 ? Tensor(Float(values[0])) : Tensor(values.map { Float($0) })
  }

  /// The correlation of two lists of numbers; `output` names them in a warning.
  func value(_ a: [Double], _ b: [Double], of output: String) -> Double { .nan }
}

/// The linear correlation of predictions and targets, −1 to 1, or NaN if one of them does not vary (Pearson;
/// torchmetrics' `PearsonCorrCoef`).
public final class PearsonCorrCoef: CorrelationMetric {
  /// Traps if there is no output.
  public init(_ options: OutputOptions) {
    super.init(ofOutputs: options.checked(for: "PearsonCorrCoef").outputs)
  }
  /// Traps if there is no output.
  public convenience init(outputs: Int = 1) {
    self.init(OutputOptions { $0.outputs = outputs })
  }

  override func value(_ a: [Double], _ b: [Double], of output: String) -> Double {
    let value = correlation(a, b)
    if value.isNaN {
      MetricWarning.tell(
        "PearsonCorrCoef\(output): predictions or targets do not vary; the value is NaN")
    }
    return value
  }
}

/// The correlation of the ranks of predictions and targets, −1 to 1 (Spearman; torchmetrics' `SpearmanCorrCoef`).
public final class SpearmanCorrCoef: CorrelationMetric {
  public override var higherIsBetter: Bool? { true }

  /// Traps if there is no output.
  public init(_ options: OutputOptions) {
    super.init(ofOutputs: options.checked(for: "SpearmanCorrCoef").outputs)
  }
  /// Traps if there is no output.
  public convenience init(outputs: Int = 1) {
    self.init(OutputOptions { $0.outputs = outputs })
  }

  override func value(_ a: [Double], _ b: [Double], of output: String) -> Double {
    correlation(ranks(a), ranks(b), added: 1e-6, least: 0)
  }

  /// The rank of each number, from 1; equal numbers share the mean of their ranks.
  private func ranks(_ values: [Double]) -> [Double] {
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

/// ``PearsonCorrCoef`` of one batch.
public func pearsonCorrCoef(_ predictions: Tensor, _ targets: Tensor, outputs: Int = 1) -> Tensor {
  PearsonCorrCoef(outputs: outputs).evaluate(predictions, targets)
}

/// ``SpearmanCorrCoef`` of one batch.
public func spearmanCorrCoef(_ predictions: Tensor, _ targets: Tensor, outputs: Int = 1) -> Tensor {
  SpearmanCorrCoef(outputs: outputs).evaluate(predictions, targets)
}

internal import LevinSystem
public import LevinTensor

/// A metric of numbers, as losses, and not of predictions and targets.
///
/// ``update(_:weight:)`` takes any shape; weights broadcast to it.
public class AggregationMetric: Metric {
  /// What is done with NaN.
  public enum NaNStrategy: Sendable, Equatable {
    /// It is left out, with a warning.
    case warn
    /// It is left out.
    case ignore
    /// It traps.
    case error
    /// It stays.
    case keep
    /// It is replaced by a number.
    case replace(Double)
  }
  /// What is done with NaN.
  public final let nanStrategy: NaNStrategy

  init(_ states: [State], _ nanStrategy: NaNStrategy) {
    self.nanStrategy = nanStrategy
    super.init(states)
  }

  /// Takes numbers, each of which counts as much as its weight.
  public final func update(_ values: Tensor, weight: Tensor? = nil) {
    update(values, weight ?? Tensor(1 as Float))
  }

  /// Takes a number.
  public final func update(_ value: Double) { update(Tensor(value)) }

  /// Numbers and weights in float64, row-major, by what is done with NaN.
  final func clean(_ values: Tensor, _ weights: Tensor) -> (values: [Double], weights: [Double]) {
    let numbers = values.detached().to(.float64).contiguous().scalars(as: Double.self)
    let factors = weights.detached().to(.float64).expanded(to: values.shape).contiguous()
      .scalars(as: Double.self)
    guard nanStrategy != .keep, zip(numbers, factors).contains(where: { $0.isNaN || $1.isNaN })
    else { return (numbers, factors) }
    switch nanStrategy {
    case .replace(let number):
      return (numbers.map { $0.isNaN ? number : $0 }, factors.map { $0.isNaN ? number : $0 })
    case .error: fail("\(type(of: self))", "NaN", expected: "numbers")
    case .warn: MetricWarning.tell("\(type(of: self)): NaN is left out")
    case .ignore, .keep: break
    }
    let kept = zip(numbers, factors).filter { !$0.isNaN && !$1.isNaN }
    return (kept.map(\.0), kept.map(\.1))
  }
}

/// The mean of numbers, weighted (torchmetrics' `MeanMetric`); NaN without any.
public final class MeanMetric: AggregationMetric {
  /// A metric that has seen nothing.
  public init(nanStrategy: NaNStrategy = .warn) {
    super.init([.sum("sum", of: [], .float64), .sum("weight", of: [], .float64)], nanStrategy)
  }
  public override func measure(_ values: Tensor, _ weights: Tensor) -> [Tensor] {
    let (values, weights) = clean(values, weights)
    return [
      Tensor(zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }), Tensor(weights.reduce(0, +)),
    ]
  }
  public override func value(of states: [Tensor]) -> Tensor {
    (states[0] / states[1]).to(.float32)
  }
}

/// The sum of numbers (torchmetrics' `SumMetric`); weights do not count.
public final class SumMetric: AggregationMetric {
  /// A metric that has seen nothing.
  public init(nanStrategy: NaNStrategy = .warn) {
    super.init([.sum("sum", of: [], .float64)], nanStrategy)
  }
  public override func measure(_ values: Tensor, _ weights: Tensor) -> [Tensor] {
    [Tensor(clean(values, weights).values.reduce(0, +))]
  }
  public override func value(of states: [Tensor]) -> Tensor { states[0].to(.float32) }
}

/// The greatest number (torchmetrics' `MaxMetric`); −∞ without any.
public final class MaxMetric: AggregationMetric {
  /// A metric that has seen nothing.
  public init(nanStrategy: NaNStrategy = .warn) {
    super.init([.init("maximum", Tensor(-Double.infinity), .maximum)], nanStrategy)
  }
  public override func measure(_ values: Tensor, _ weights: Tensor) -> [Tensor] {
    [Tensor(clean(values, weights).values.reduce(-.infinity) { $1.isNaN ? $1 : max($0, $1) })]
  }
  public override func value(of states: [Tensor]) -> Tensor { states[0].to(.float32) }
}

/// The least number (torchmetrics' `MinMetric`); ∞ without any.
public final class MinMetric: AggregationMetric {
  /// A metric that has seen nothing.
  public init(nanStrategy: NaNStrategy = .warn) {
    super.init([.init("minimum", Tensor(Double.infinity), .minimum)], nanStrategy)
  }
  public override func measure(_ values: Tensor, _ weights: Tensor) -> [Tensor] {
    [Tensor(clean(values, weights).values.reduce(.infinity) { $1.isNaN ? $1 : min($0, $1) })]
  }
  public override func value(of states: [Tensor]) -> Tensor { states[0].to(.float32) }
}

/// All numbers, one after the other (torchmetrics' `CatMetric`).
public final class CatMetric: AggregationMetric {
  /// A metric that has seen nothing.
  public init(nanStrategy: NaNStrategy = .warn) {
    super.init([.list("values", .float64)], nanStrategy)
  }
  public override func measure(_ values: Tensor, _ weights: Tensor) -> [Tensor] {
    [Tensor(clean(values, weights).values)]
  }
  public override func value(of states: [Tensor]) -> Tensor { states[0].to(.float32) }
}

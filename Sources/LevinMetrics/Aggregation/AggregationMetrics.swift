public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// A metric of plain numbers, such as losses, instead of predictions and targets.
///
/// ``update(_:weight:)`` takes any shape; weights broadcast to it.
public class AggregationMetric: Metric {
  /// How NaN is handled.
  public enum NaNStrategy: String, Sendable, Codable, CaseIterable {
    /// It is left out, with a warning.
    case warn
    /// It is left out.
    case ignore
    /// It traps.
    case error
    /// It stays.
    case keep
    /// It is replaced by a number.
    case replace
  }

  /// The options of metrics of plain numbers.
  public struct Options: HyperparameterSet {
    /// How NaN is handled.
    public var nanStrategy = NaNStrategy.warn
    /// The number that replaces NaN with the strategy `replace`.
    public var replacement = 0.0

    /// Creates options with their defaults.
    public init() {}
    init(nanStrategy: NaNStrategy, replacement: Double) {
      (self.nanStrategy, self.replacement) = (nanStrategy, replacement)
    }
    /// A sentence about each option.
    public static let help = [
      "nan_strategy":
        "How NaN is handled: it is left out (warn, ignore), an error, kept, or replaced.",
      "replacement": "The number that replaces NaN with the strategy replace.",
    ]
  }

  /// The options.
  public final let options: Options

  init(_ states: [State], _ options: Options) {
    self.options = options
    super.init(states)
  }

  /// Takes numbers, each of which counts with its weight.
  public final func update(_ values: Tensor, weight: Tensor? = nil) {
    update(values, weight ?? Tensor(1 as Float))
  }

  /// Takes a number.
  public final func update(_ value: Double) { update(Tensor(value)) }

  /// Numbers and weights in float64, in row-major order, after NaN is handled.
  final func clean(_ values: Tensor, _ weights: Tensor) -> (values: [Double], weights: [Double]) {
    let numbers = values.detached().to(.float64).contiguous().scalars(as: Double.self)
    let factors = weights.detached().to(.float64).expanded(to: values.shape).contiguous()
      .scalars(as: Double.self)
    guard options.nanStrategy != .keep,
      zip(numbers, factors).contains(where: { $0.isNaN || $1.isNaN })
    else { return (numbers, factors) }
    switch options.nanStrategy {
    case .replace:
      let number = options.replacement
      return (numbers.map { $0.isNaN ? number : $0 }, factors.map { $0.isNaN ? number : $0 })
    case .error: fail(name, "NaN", expected: "numbers")
    case .warn: MetricWarning.tell("\(name): NaN is left out")
    case .ignore, .keep: break
    }
    let kept = zip(numbers, factors).filter { !$0.isNaN && !$1.isNaN }
    return (kept.map(\.0), kept.map(\.1))
  }
}

/// The weighted mean of numbers, or NaN if there are none (torchmetrics' `MeanMetric`).
public final class MeanMetric: AggregationMetric {
  /// Creates a metric that has not seen any data.
  public convenience init(nanStrategy: NaNStrategy = .warn, replacement: Double = 0) {
    self.init(Options(nanStrategy: nanStrategy, replacement: replacement))
  }
  /// Creates a metric that has not seen any data.
  public init(_ options: Options) {
    super.init([.sum("sum", of: [], .float64), .sum("weight", of: [], .float64)], options)
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

/// The sum of numbers; weights have no effect (torchmetrics' `SumMetric`).
public final class SumMetric: AggregationMetric {
  /// Creates a metric that has not seen any data.
  public convenience init(nanStrategy: NaNStrategy = .warn, replacement: Double = 0) {
    self.init(Options(nanStrategy: nanStrategy, replacement: replacement))
  }
  /// Creates a metric that has not seen any data.
  public init(_ options: Options) {
    super.init([.sum("sum", of: [], .float64)], options)
  }
  public override func measure(_ values: Tensor, _ weights: Tensor) -> [Tensor] {
    [Tensor(clean(values, weights).values.reduce(0, +))]
  }
  public override func value(of states: [Tensor]) -> Tensor { states[0].to(.float32) }
}

/// The greatest number, or −∞ if there are none (torchmetrics' `MaxMetric`).
public final class MaxMetric: AggregationMetric {
  /// Creates a metric that has not seen any data.
  public convenience init(nanStrategy: NaNStrategy = .warn, replacement: Double = 0) {
    self.init(Options(nanStrategy: nanStrategy, replacement: replacement))
  }
  /// Creates a metric that has not seen any data.
  public init(_ options: Options) {
    super.init([.init("maximum", Tensor(-Double.infinity), .maximum)], options)
  }
  public override func measure(_ values: Tensor, _ weights: Tensor) -> [Tensor] {
    [Tensor(clean(values, weights).values.reduce(-.infinity) { $1.isNaN ? $1 : max($0, $1) })]
  }
  public override func value(of states: [Tensor]) -> Tensor { states[0].to(.float32) }
}

/// The least number, or ∞ if there are none (torchmetrics' `MinMetric`).
public final class MinMetric: AggregationMetric {
  /// Creates a metric that has not seen any data.
  public convenience init(nanStrategy: NaNStrategy = .warn, replacement: Double = 0) {
    self.init(Options(nanStrategy: nanStrategy, replacement: replacement))
  }
  /// Creates a metric that has not seen any data.
  public init(_ options: Options) {
    super.init([.init("minimum", Tensor(Double.infinity), .minimum)], options)
  }
  public override func measure(_ values: Tensor, _ weights: Tensor) -> [Tensor] {
    [Tensor(clean(values, weights).values.reduce(.infinity) { $1.isNaN ? $1 : min($0, $1) })]
  }
  public override func value(of states: [Tensor]) -> Tensor { states[0].to(.float32) }
}

/// All numbers, one after another (torchmetrics' `CatMetric`).
public final class CatMetric: AggregationMetric {
  /// Creates a metric that has not seen any data.
  public convenience init(nanStrategy: NaNStrategy = .warn, replacement: Double = 0) {
    self.init(Options(nanStrategy: nanStrategy, replacement: replacement))
  }
  /// Creates a metric that has not seen any data.
  public init(_ options: Options) {
    super.init([.list("values", .float64)], options)
  }
  public override func measure(_ values: Tensor, _ weights: Tensor) -> [Tensor] {
    [Tensor(clean(values, weights).values)]
  }
  public override func value(of states: [Tensor]) -> Tensor { states[0].to(.float32) }
}

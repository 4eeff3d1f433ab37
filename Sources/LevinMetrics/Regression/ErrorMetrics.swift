public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// A mean over all elements of predictions and targets of one shape; sums are float64.
public class MeanErrorMetric: Metric {
  init() { super.init([.sum("sum", of: [], .float64), .sum("count", of: [], .int64)]) }

  /// The number that is averaged, for each element, in float64.
  func errors(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    fail("errors(_:_:)", "no override in \(type(of: self))", expected: "one in each metric")
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    RegressionChecks.shapes(predictions, targets, for: "\(type(of: self))")
    return [
      errors(predictions.to(.float64), targets.to(.float64)).sum(),
      Tensor(Int64(targets.elementCount)),
    ]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    (states[0] / states[1]).to(.float32)
  }
}

/// The mean of squared differences, or its root (torchmetrics' `MeanSquaredError`).
public final class MeanSquaredError: MeanErrorMetric {
  /// The options of ``MeanSquaredError``.
  public struct Options: HyperparameterSet {
    /// Whether the value is the mean itself, not its root.
    public var squared = true

    /// Creates options with their defaults.
    public init() {}
    /// A sentence about each option.
    public static let help = ["squared": "Whether the value is the mean itself, not its root."]
  }

  /// The options.
  public let options: Options

  /// Creates a metric that has not seen any data.
  public init(_ options: Options) {
    self.options = options
    super.init()
  }

  /// Creates a metric that has not seen any data.
  public convenience init(squared: Bool = true) {
    var options = Options()
    options.squared = squared
    self.init(options)
  }

  override func errors(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    (predictions - targets).squared()
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let mean = super.value(of: states)
    return options.squared ? mean : mean.sqrt()
  }
}

/// The mean absolute difference (torchmetrics' `MeanAbsoluteError`).
public final class MeanAbsoluteError: MeanErrorMetric {
  public override init() { super.init() }
  override func errors(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    (predictions - targets).absolute()
  }
}

/// The mean absolute difference relative to the targets, which count as at least 1.17e-6 (torchmetrics'
/// `MeanAbsolutePercentageError`).
public final class MeanAbsolutePercentageError: MeanErrorMetric {
  public override init() { super.init() }
  override func errors(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    (predictions - targets).absolute() / targets.absolute().clamped(atLeast: 1.17e-6)
  }
}

/// ``MeanSquaredError`` of one batch.
public func meanSquaredError(
  _ predictions: Tensor, _ targets: Tensor, squared: Bool = true
) -> Tensor { MeanSquaredError(squared: squared).evaluate(predictions, targets) }

/// ``MeanAbsoluteError`` of one batch.
public func meanAbsoluteError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  MeanAbsoluteError().evaluate(predictions, targets)
}

/// ``MeanAbsolutePercentageError`` of one batch.
public func meanAbsolutePercentageError(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  MeanAbsolutePercentageError().evaluate(predictions, targets)
}

enum RegressionChecks {
  static func shapes(_ predictions: Tensor, _ targets: Tensor, for metric: String) {
    guard predictions.shape == targets.shape else {
      fail(
        metric, "predictions \(predictions.shape) and targets \(targets.shape)",
        expected: "both of one shape")
    }
  }

  /// `[batch, outputs]`, float64.
  static func columns(
    _ predictions: Tensor, _ targets: Tensor, outputs: Int, for metric: String
  ) -> (predictions: Tensor, targets: Tensor) {
    shapes(predictions, targets, for: metric)
    let fits = outputs == 1 && targets.rank == 1 || targets.rank == 2 && targets.shape[1] == outputs
    guard fits else {
      fail(
        metric, "targets \(targets.shape)",
        expected: outputs == 1 ? "[batch]" : "[batch, \(outputs)]",
        hint: "say how many outputs there are")
    }
    return (
      predictions.to(.float64).reshaped(to: [-1, outputs]),
      targets.to(.float64).reshaped(to: [-1, outputs])
    )
  }
}

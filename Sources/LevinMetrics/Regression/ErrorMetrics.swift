public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// A mean over all elements of predictions and targets of one shape, or of each of several outputs, `[batch,
/// outputs]`; sums are float64.
public class MeanErrorMetric: Metric {
  private let outputs: Int

  init(ofOutputs outputs: Int) {
    self.outputs = outputs
    super.init([
      .sum("sum", of: outputs == 1 ? [] : [outputs], .float64), .sum("count", of: [], .int64),
    ])
  }

  /// The number that is averaged, for each element, in float64.
  func errors(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    fail("errors(_:_:)", "no override in \(name)", expected: "one in each metric")
  }

  public final override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    guard outputs == 1 else {
      let (p, t) = RegressionChecks.columns(
        predictions, targets, outputs: outputs, for: name)
      return [errors(p, t).sum(dimension: 0), Tensor(Int64(t.shape[0]))]
    }
    RegressionChecks.shapes(predictions, targets, for: name)
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
  public override var higherIsBetter: Bool? { false }

  /// The options of ``MeanSquaredError``.
  public struct Options: HyperparameterSet {
    /// Whether the value is the mean itself, not its root.
    public var squared = true
    /// The number of outputs per sample; with several the value is `[outputs]`.
    public var outputs = 1

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if there is no output.
    public func validate() throws { try require("outputs", outputs, atLeast: 1) }
    /// A sentence about each option.
    public static let help = [
      "squared": "Whether the value is the mean itself, not its root.",
      "outputs": MetricHelp.outputs,
    ]
  }

  /// The options.
  public let options: Options

  /// Traps if there is no output.
  public init(_ options: Options) {
    self.options = options.checked(for: "MeanSquaredError")
    super.init(ofOutputs: options.outputs)
  }

  /// Traps if there is no output.
  public convenience init(squared: Bool = true, outputs: Int = 1) {
    self.init(
      Options {
        $0.squared = squared
        $0.outputs = outputs
      })
  }

  override func errors(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    (predictions - targets).squared()
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let mean = super.value(of: states)
    return options.squared ? mean : mean.sqrt()
  }
}

/// The options of metrics of several outputs.
public struct OutputOptions: HyperparameterSet {
  /// The number of outputs per sample; with several the value is `[outputs]`.
  public var outputs = 1

  /// Creates options with their defaults.
  public init() {}
  /// Throws ``ConfigError`` if there is no output.
  public func validate() throws { try require("outputs", outputs, atLeast: 1) }
  /// A sentence about each option.
  public static let help = ["outputs": MetricHelp.outputs]
}

/// The mean absolute difference (torchmetrics' `MeanAbsoluteError`).
public final class MeanAbsoluteError: MeanErrorMetric {
  public override var higherIsBetter: Bool? { false }

  /// Traps if there is no output.
  public init(_ options: OutputOptions) {
    super.init(ofOutputs: options.checked(for: "MeanAbsoluteError").outputs)
  }
  /// Traps if there is no output.
  public convenience init(outputs: Int = 1) { self.init(OutputOptions { $0.outputs = outputs }) }

  override func errors(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    (predictions - targets).absolute()
  }
}

/// The mean absolute difference relative to the targets, which count as at least 1.17e-6 (torchmetrics'
/// `MeanAbsolutePercentageError`).
public final class MeanAbsolutePercentageError: MeanErrorMetric {
  public override var higherIsBetter: Bool? { false }

  /// Creates a metric that has not seen any data.
  public init() { super.init(ofOutputs: 1) }
  override func errors(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
    (predictions - targets).absolute() / targets.absolute().clamped(atLeast: 1.17e-6)
  }
}

/// ``MeanSquaredError`` of one batch.
public func meanSquaredError(
  _ predictions: Tensor, _ targets: Tensor, squared: Bool = true, outputs: Int = 1
) -> Tensor { MeanSquaredError(squared: squared, outputs: outputs).evaluate(predictions, targets) }

/// ``MeanAbsoluteError`` of one batch.
public func meanAbsoluteError(
  _ predictions: Tensor, _ targets: Tensor, outputs: Int = 1
) -> Tensor { MeanAbsoluteError(outputs: outputs).evaluate(predictions, targets) }

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

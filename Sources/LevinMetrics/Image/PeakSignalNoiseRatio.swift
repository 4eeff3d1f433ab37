public import LevinConfiguration
public import LevinTensor

/// The square of the range of values over the mean squared error, in decibels (torchmetrics' `PeakSignalNoiseRatio`).
public final class PeakSignalNoiseRatio: Metric {
  /// The options of ``PeakSignalNoiseRatio``.
  public struct Options: HyperparameterSet {
    /// The greatest possible value minus the least: 1 for images with values in 0…1.
    public var dataRange = 1.0

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` unless the range is above 0.
    public func validate() throws { try requirePositive("data_range", dataRange) }
    /// A sentence about each option.
    public static let help = ["data_range": MetricHelp.dataRange]
  }

  /// The options.
  public let options: Options

  /// Traps if the range is not above 0.
  public convenience init(dataRange: Double) {
    var options = Options()
    options.dataRange = dataRange
    self.init(options)
  }

  /// Traps if the range is not above 0.
  public init(_ options: Options) {
    self.options = options.checked(for: "PeakSignalNoiseRatio")
    super.init([.sum("squared_error", of: [], .float64), .sum("count", of: [], .int64)])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    RegressionChecks.shapes(predictions, targets, for: "PeakSignalNoiseRatio")
    let error = (predictions.to(.float64) - targets.to(.float64)).squared().sum()
    return [error, Tensor(Int64(targets.elementCount))]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    ((states[1] / states[0] * (options.dataRange * options.dataRange)).log10() * 10).to(.float32)
  }
}

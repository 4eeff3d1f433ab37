public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// The square of the range of values over the mean squared error, in decibels (torchmetrics' `PeakSignalNoiseRatio`).
public final class PeakSignalNoiseRatio: Metric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``PeakSignalNoiseRatio``.
  public struct Options: HyperparameterSet {
    /// The greatest possible value minus the least: 1 for images with values in 0…1.
    public var dataRange = 1.0
    /// The base of the logarithm.
    public var base = 10.0
    /// The dimensions over which errors are averaged for a value of its own, such as `[1, 2, 3]` for a value of each image;
    /// nil: all, over all batches.
    public var dimensions: [Int]?
    /// How the values are combined, with `dimensions`.
    public var reduction = RowReduction.mean

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range.
    public func validate() throws {
      try requirePositive("data_range", dataRange)
      guard base > 1, base.isFinite else {
        throw ConfigError("base: found \(base); expected a finite number above 1", key: "base")
      }
      if let dimensions, dimensions.isEmpty {
        throw ConfigError(
          "dimensions: found none; expected one or more, or null", key: "dimensions")
      }
    }
    /// A sentence about each option.
    public static let help = [
      "data_range": MetricHelp.dataRange,
      "base": "The base of the logarithm.",
      "dimensions":
        "The dimensions over which errors are averaged for a value of its own; null: all, over all batches.",
      "reduction": "How the values are combined, if there are dimensions.",
    ]
  }

  /// The options.
  public let options: Options

  /// Traps if an argument is out of range.
  public convenience init(
    dataRange: Double, base: Double = 10, dimensions: [Int]? = nil, reduction: RowReduction = .mean
  ) {
    self.init(
      Options {
        $0.dataRange = dataRange
        $0.base = base
        $0.dimensions = dimensions
        $0.reduction = reduction
      })
  }

  /// Traps if an option is out of range.
  public init(_ options: Options) {
    self.options = options.checked(for: "PeakSignalNoiseRatio")
    super.init(
      options.dimensions == nil
        ? [.sum("squared_error", of: [], .float64), .sum("count", of: [], .int64)]
        : [.list("squared_error", .float64), .list("count", .int64)])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    RegressionChecks.shapes(predictions, targets, for: "PeakSignalNoiseRatio")
    let squares = (predictions.to(.float64) - targets.to(.float64)).squared()
    guard let dimensions = options.dimensions else {
      return [squares.sum(), Tensor(Int64(targets.elementCount))]
    }
    let errors = squares.sum(dimensions: dimensions).reshaped(to: [-1])
    let size = errors.elementCount == 0 ? 0 : squares.elementCount / errors.elementCount
    return [errors, Tensor([Int64](repeating: Int64(size), count: errors.elementCount))]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    let ratios = states[1] / states[0] * (options.dataRange * options.dataRange)
    let values = ratios.log2() * (10 / options.base.logarithm2)
    guard options.dimensions != nil else { return values.to(.float32) }
    switch options.reduction {
    case .mean: return values.mean().to(.float32)
    case .sum: return values.sum().to(.float32)
    case .none: return values.to(.float32)
    }
  }
}

/// ``PeakSignalNoiseRatio`` of one batch.
public func peakSignalNoiseRatio(
  _ predictions: Tensor, _ targets: Tensor, dataRange: Double, base: Double = 10,
  dimensions: [Int]? = nil, reduction: RowReduction = .mean
) -> Tensor {
  PeakSignalNoiseRatio(
    dataRange: dataRange, base: base, dimensions: dimensions, reduction: reduction
  ).evaluate(predictions, targets)
}

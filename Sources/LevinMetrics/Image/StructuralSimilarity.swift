public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// How similar images `[batch, channels, height, width]` are in luminance, contrast and structure, up to 1: the mean
/// over images (Wang and others 2004; torchmetrics' `StructuralSimilarityIndexMeasure`).
///
/// Around each pixel there is a Gaussian window of ⌊3.5 σ + 0.5⌋ pixels to each side; images are reflected at their
/// edges.
public final class StructuralSimilarity: Metric {
  /// The options of ``StructuralSimilarity``.
  public struct Options: HyperparameterSet {
    /// The greatest possible value minus the least: 1 for images with values in 0…1.
    public var dataRange = 1.0
    /// The standard deviation σ of the window, in pixels.
    public var sigma = 1.5

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` unless both are above 0.
    public func validate() throws {
      try requirePositive("data_range", dataRange)
      try requirePositive("sigma", sigma)
    }
    /// A sentence about each option.
    public static let help = [
      "data_range": MetricHelp.dataRange,
      "sigma": "The standard deviation of the window around each pixel, in pixels.",
    ]
  }

  /// The options.
  public let options: Options
  private static let (k1, k2) = (0.01, 0.03)

  /// Traps if the range or `sigma` is not above 0.
  public convenience init(dataRange: Double, sigma: Double = 1.5) {
    self.init(
      Options {
        $0.dataRange = dataRange
        $0.sigma = sigma
      })
  }

  /// Traps if the range or `sigma` is not above 0.
  public init(_ options: Options) {
    self.options = options.checked(for: "StructuralSimilarity")
    super.init([.sum("similarity", of: [], .float64), .sum("count", of: [], .int64)])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    RegressionChecks.shapes(predictions, targets, for: "StructuralSimilarity")
    let (dataRange, sigma) = (options.dataRange, options.sigma)
    let margin = Int(3.5 * sigma + 0.5)
    guard targets.rank == 4, targets.shape[2] > margin, targets.shape[3] > margin else {
      fail(
        "StructuralSimilarity", "pictures \(targets.shape)",
        expected: "[batch, channels, height, width] of more than \(margin) pixels")
    }
    let (batch, channels) = (targets.shape[0], targets.shape[1])
    let offsets = Tensor.arange(2 * margin + 1).to(.float64) - Double(margin)
    let bell = (offsets.squared() * (-1 / (2 * sigma * sigma))).exp()
    let row = bell / bell.sum()
    let window = row.outer(row).unsqueezed(0).unsqueezed(0)
      .expanded(to: [channels, 1, 2 * margin + 1, 2 * margin + 1]).contiguous()
    func mean(_ x: Tensor) -> Tensor { x.conv2d(weight: window, groups: channels) }
    let x = predictions.to(.float64).padded([margin, margin, margin, margin], mode: .reflect)
    let y = targets.to(.float64).padded([margin, margin, margin, margin], mode: .reflect)
    let (mx, my) = (mean(x), mean(y))
    let varianceX = (mean(x * x) - mx * mx).clamped(atLeast: 0)
    let varianceY = (mean(y * y) - my * my).clamped(atLeast: 0)
    let covariance = mean(x * y) - mx * my
    let (c1, c2) = (
      Self.k1 * dataRange * Self.k1 * dataRange, Self.k2 * dataRange * Self.k2 * dataRange
    )
    let upper = (mx * my * 2 + c1) * (covariance * 2 + c2)
    let lower = (mx * mx + my * my + c1) * (varianceX + varianceY + c2)
    let ofPictures = (upper / lower).reshaped(to: [batch, -1]).mean(dimension: 1)
    return [ofPictures.sum(), Tensor(Int64(batch))]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    (states[0] / states[1]).to(.float32)
  }
}

public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// How similar images `[batch, channels, height, width]` or volumes `[batch, channels, depth, height, width]` are in
/// luminance, contrast and structure, up to 1: the mean over images (Wang and others 2004; torchmetrics'
/// `StructuralSimilarityIndexMeasure`).
///
/// Around each pixel there is a Gaussian window of ⌊3.5 σ + 0.5⌋ pixels to each side, or a square (a cube) in which all
/// pixels count equally; images are reflected at their edges.
public final class StructuralSimilarity: Metric {
  public override var higherIsBetter: Bool? { true }

  /// The options of ``StructuralSimilarity``.
  public struct Options: HyperparameterSet {
    /// The greatest possible value minus the least: 1 for images with values in 0…1; nil: the greatest of each batch
    /// minus the least, of predictions or of targets.
    public var dataRange: Double? = 1
    /// Whether the window is Gaussian.
    public var gaussianKernel = true
    /// The standard deviation σ of a Gaussian window, in pixels.
    public var sigma = 1.5
    /// The width and height of a square window, in pixels; odd.
    public var kernelSize = 11
    /// The constant of the luminance.
    public var k1 = 0.01
    /// The constant of the contrast.
    public var k2 = 0.03
    /// How the values of images are combined.
    public var reduction = RowReduction.mean

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if an option is out of range.
    public func validate() throws {
      if let dataRange { try requirePositive("data_range", dataRange) }
      try requirePositive("sigma", sigma)
      guard kernelSize > 0, kernelSize % 2 == 1 else {
        throw ConfigError(
          "kernel_size: found \(kernelSize); expected an odd number above 0", key: "kernel_size")
      }
      try require("k1", k1, atLeast: 0)
      try require("k2", k2, atLeast: 0)
    }
    /// A sentence about each option.
    public static let help = [
      "data_range": MetricHelp.dataRange + " null: as found in each batch.",
      "gaussian_kernel": "Whether the window around each pixel is Gaussian, or a square.",
      "sigma": "The standard deviation of a Gaussian window, in pixels.",
      "kernel_size": "The width and height of a square window, in pixels; odd.",
      "k1": "The constant of the luminance.", "k2": "The constant of the contrast.",
      "reduction": "How the values of images are combined.",
    ]
  }

  /// The options.
  public let options: Options

  /// Traps if an argument is out of range.
  public convenience init(
    dataRange: Double?, gaussianKernel: Bool = true, sigma: Double = 1.5, kernelSize: Int = 11,
    k1: Double = 0.01, k2: Double = 0.03, reduction: RowReduction = .mean
  ) {
    self.init(
      Options {
        $0.dataRange = dataRange
        $0.gaussianKernel = gaussianKernel
        $0.sigma = sigma
        $0.kernelSize = kernelSize
        ($0.k1, $0.k2) = (k1, k2)
        $0.reduction = reduction
      })
  }

  /// Traps if an option is out of range.
  public init(_ options: Options) {
    self.options = options.checked(for: "StructuralSimilarity")
    super.init(
      options.reduction == .none
        ? [.list("similarity", .float64)]
        : [.sum("similarity", of: [], .float64), .sum("count", of: [], .int64)])
  }

  /// The pixels to each side of the window's centre.
  private var margin: Int {
    options.gaussianKernel ? Int(3.5 * options.sigma + 0.5) : options.kernelSize / 2
  }

  /// The weights of a row of the window, which add up to 1, in float64.
  private var row: Tensor {
    let count = 2 * margin + 1
    guard options.gaussianKernel else {
      return .full([count], 1 / Double(count), dtype: .float64, device: .cpu)
    }
    let offsets = Tensor.arange(count, device: .cpu).to(.float64) - Double(margin)
    let bell = (offsets.squared() * (-1 / (2 * options.sigma * options.sigma))).exp()
    return bell / bell.sum()
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    RegressionChecks.shapes(predictions, targets, for: "StructuralSimilarity")
    let (margin, sizes) = (margin, targets.shape.dropFirst(2))
    guard 2...3 ~= sizes.count, sizes.allSatisfy({ $0 > margin }) else {
      fail(
        "StructuralSimilarity", "pictures \(targets.shape)",
        expected:
          "[batch, channels, height, width], or with a depth before the height, of more than \(margin) pixels"
      )
    }
    let (batch, channels) = (targets.shape[0], targets.shape[1])
    let row = row
    // The outer product of rows.
    let weights = (1..<sizes.count).reduce(row) { weights, _ in weights.unsqueezed(-1) * row }
    let window = weights.expanded(to: Shape([channels, 1] + weights.shape)).contiguous()
    func mean(_ x: Tensor) -> Tensor {
      sizes.count == 2
        ? x.conv2d(weight: window, groups: channels) : x.conv3d(weight: window, groups: channels)
    }
    func prepared(_ x: Tensor) -> Tensor {
      x.to(.float64).padded(Array(repeating: margin, count: 2 * sizes.count), mode: .reflect)
    }
    let (x, y) = (prepared(predictions), prepared(targets))
    let (mx, my) = (mean(x), mean(y))
    let varianceX = (mean(x * x) - mx * mx).clamped(atLeast: 0)
    let varianceY = (mean(y * y) - my * my).clamped(atLeast: 0)
    let covariance = mean(x * y) - mx * my
    let range =
      options.dataRange ?? [x, y].map { $0.maximum().item() - $0.minimum().item() }.max() ?? 0
    let (l, c) = (options.k1 * range, options.k2 * range)
    let (c1, c2) = (l * l, c * c)
    let upper = (mx * my * 2 + c1) * (covariance * 2 + c2)
    let lower = (mx * mx + my * my + c1) * (varianceX + varianceY + c2)
    let ofPictures = (upper / lower).reshaped(to: [batch, -1]).mean(dimension: 1)
    return options.reduction == .none
      ? [ofPictures] : [ofPictures.sum(), Tensor(Int64(batch))]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    (options.reduction == .mean ? states[0] / states[1] : states[0]).to(.float32)
  }
}

/// ``StructuralSimilarity`` of one batch.
public func structuralSimilarity(
  _ predictions: Tensor, _ targets: Tensor, dataRange: Double?, gaussianKernel: Bool = true,
  sigma: Double = 1.5, kernelSize: Int = 11, k1: Double = 0.01, k2: Double = 0.03,
  reduction: RowReduction = .mean
) -> Tensor {
  StructuralSimilarity(
    dataRange: dataRange, gaussianKernel: gaussianKernel, sigma: sigma, kernelSize: kernelSize,
    k1: k1, k2: k2, reduction: reduction
  ).evaluate(predictions, targets)
}

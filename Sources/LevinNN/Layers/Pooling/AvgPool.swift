public import LevinTensor

/// The average of each window of `[batch, channels, length]`, or `[channels, length]`; as `torch.nn.AvgPool1d`.
public final class AvgPool1d: Layer {
  /// The number of elements in a window.
  public let kernelSize: Int
  /// The distance from one window to the next.
  public let stride: Int
  /// The number of zeros added on each side.
  public let padding: Int
  /// Whether the last window may extend beyond the padding.
  public let ceilMode: Bool
  /// Whether the zeros of the padding count in the average.
  public let countIncludePad: Bool

  /// Creates the layer; the stride is the window's size by default.
  public init(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false,
    countIncludePad: Bool = true
  ) {
    (self.kernelSize, self.stride, self.padding) = (kernelSize, stride ?? kernelSize, padding)
    (self.ceilMode, self.countIncludePad) = (ceilMode, countIncludePad)
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.avgPool1d(
      kernelSize: kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludePad: countIncludePad)
  }
}

/// The average of each window of `[batch, channels, height, width]`, or without `batch`; as `torch.nn.AvgPool2d`.
public final class AvgPool2d: Layer {
  /// The height and width of a window.
  public let kernelSize: [Int]
  /// The distance from one window to the next.
  public let stride: [Int]
  /// The number of zeros added on each side, for height and width.
  public let padding: [Int]
  /// Whether the last window may extend beyond the padding.
  public let ceilMode: Bool
  /// Whether the zeros of the padding count in the average.
  public let countIncludePad: Bool
  /// The divisor of the sums, in place of the number of elements.
  public let divisorOverride: Int?

  /// Creates the layer; the stride is the window's size by default.
  public init(
    kernelSize: some SpatialSizes, stride: (some SpatialSizes)? = Optional<Int>.none,
    padding: some SpatialSizes = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
    divisorOverride: Int? = nil
  ) {
    let layer = "AvgPool2d"
    let size = LayerChecks.sizes(kernelSize, "kernelSize", 2, least: 1, for: layer)
    self.kernelSize = size
    self.stride = stride.map { LayerChecks.sizes($0, "stride", 2, least: 1, for: layer) } ?? size
    self.padding = LayerChecks.sizes(padding, "padding", 2, least: 0, for: layer)
    (self.ceilMode, self.countIncludePad) = (ceilMode, countIncludePad)
    self.divisorOverride = divisorOverride
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.avgPool2d(
      kernelSize: kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludePad: countIncludePad, divisorOverride: divisorOverride)
  }
}

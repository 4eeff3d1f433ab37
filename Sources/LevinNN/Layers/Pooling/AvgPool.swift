public import LevinTensor

/// The average of each window of `[batch, channels, length]`, or `[channels, length]`; as `torch.nn.AvgPool1d`.
public final class AvgPool1d: Layer {
  /// Elements of a window.
  public let kernelSize: Int
  /// From one window to the next.
  public let stride: Int
  /// Zeros in front and behind.
  public let padding: Int
  /// Whether a last window may end behind the padding.
  public let ceilMode: Bool
  /// Whether zeros of the padding are counted.
  public let countIncludePad: Bool

  /// The stride is the window's size unless given.
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
  /// Height and width of a window.
  public let kernelSize: [Int]
  /// From one window to the next.
  public let stride: [Int]
  /// Zeros around the input.
  public let padding: [Int]
  /// Whether a last window may end behind the padding.
  public let ceilMode: Bool
  /// Whether zeros of the padding are counted.
  public let countIncludePad: Bool
  /// What sums are divided by, instead of the count.
  public let divisorOverride: Int?

  /// The stride is the window's size unless given.
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

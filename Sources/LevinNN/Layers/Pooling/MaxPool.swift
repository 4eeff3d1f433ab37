public import LevinTensor

/// The largest element of each window of `[batch, channels, length]`, or `[channels, length]`; as `torch.nn.MaxPool1d`.
public final class MaxPool1d: Layer {
  /// The number of elements in a window.
  public let kernelSize: Int
  /// The distance from one window to the next.
  public let stride: Int
  /// The number of elements added on each side, which count as −∞.
  public let padding: Int
  /// The distance from one element of a window to the next.
  public let dilation: Int
  /// Whether the last window may extend beyond the padding.
  public let ceilMode: Bool

  /// Creates the layer; the stride is the window's size by default.
  public init(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
  ) {
    (self.kernelSize, self.stride, self.padding) = (kernelSize, stride ?? kernelSize, padding)
    (self.dilation, self.ceilMode) = (dilation, ceilMode)
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.maxPool1d(
      kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
      ceilMode: ceilMode)
  }
}

/// The largest element of each window of `[batch, channels, height, width]`, or without `batch`; as `torch.nn.MaxPool2d`.
public final class MaxPool2d: Layer {
  /// The height and width of a window.
  public let kernelSize: [Int]
  /// The distance from one window to the next.
  public let stride: [Int]
  /// The number of elements added on each side, for height and width, which count as −∞.
  public let padding: [Int]
  /// The distance from one element of a window to the next.
  public let dilation: [Int]
  /// Whether the last window may extend beyond the padding.
  public let ceilMode: Bool

  /// Creates the layer; the stride is the window's size by default.
  public init(
    kernelSize: some SpatialSizes, stride: (some SpatialSizes)? = Optional<Int>.none,
    padding: some SpatialSizes = 0, dilation: some SpatialSizes = 1, ceilMode: Bool = false
  ) {
    let (layer, size) = (
      "MaxPool2d", LayerChecks.sizes(kernelSize, "kernelSize", 2, least: 1, for: "MaxPool2d")
    )
    self.kernelSize = size
    self.stride = stride.map { LayerChecks.sizes($0, "stride", 2, least: 1, for: layer) } ?? size
    self.padding = LayerChecks.sizes(padding, "padding", 2, least: 0, for: layer)
    self.dilation = LayerChecks.sizes(dilation, "dilation", 2, least: 1, for: layer)
    self.ceilMode = ceilMode
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.maxPool2d(
      kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
      ceilMode: ceilMode)
  }
}

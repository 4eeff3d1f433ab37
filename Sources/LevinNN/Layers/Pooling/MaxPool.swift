public import LevinTensor

/// The largest element of each window of `[batch, channels, length]`, or `[channels, length]`; as `torch.nn.MaxPool1d`.
public final class MaxPool1d: Layer {
  /// Elements of a window.
  public let kernelSize: Int
  /// From one window to the next.
  public let stride: Int
  /// Places in front and behind that count as −∞.
  public let padding: Int
  /// From one element of a window to the next.
  public let dilation: Int
  /// Whether a last window may end behind the padding.
  public let ceilMode: Bool

  /// The stride is the window's size unless given.
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
  /// Height and width of a window.
  public let kernelSize: [Int]
  /// From one window to the next.
  public let stride: [Int]
  /// Places around the input that count as −∞.
  public let padding: [Int]
  /// From one element of a window to the next.
  public let dilation: [Int]
  /// Whether a last window may end behind the padding.
  public let ceilMode: Bool

  /// The stride is the window's size unless given.
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

public import LevinTensor

/// What ``MaxPool1d`` and ``MaxPool2d`` have in common: the largest element of each window.
public class MaxPool: Layer {
  /// The size of a window.
  public let kernelSize: [Int]
  /// The distance from one window to the next.
  public let stride: [Int]
  /// The number of elements added on each side, for height and width, which count as −∞.
  public let padding: [Int]
  /// The distance from one element of a window to the next.
  public let dilation: [Int]
  /// Whether the last window may extend beyond the padding.
  public let ceilMode: Bool
  /// How many spatial dimensions inputs have.
  class var rank: Int { 2 }

  /// The stride is the window's size unless given; traps for sizes below 1.
  public init(
    kernelSize: any SpatialSizes, stride: (any SpatialSizes)? = nil,
    padding: any SpatialSizes = 0, dilation: any SpatialSizes = 1, ceilMode: Bool = false
  ) {
    let (rank, layer) = (Self.rank, "\(Self.self)")
    let size = LayerChecks.sizes(kernelSize, "kernelSize", rank, least: 1, for: layer)
    self.kernelSize = size
    self.stride = stride.map { LayerChecks.sizes($0, "stride", rank, least: 1, for: layer) } ?? size
    self.padding = LayerChecks.sizes(padding, "padding", rank, least: 0, for: layer)
    self.dilation = LayerChecks.sizes(dilation, "dilation", rank, least: 1, for: layer)
    self.ceilMode = ceilMode
  }

  public override func forward(_ input: Tensor) -> Tensor {
    LayerChecks.images(input, rank: kernelSize.count, of: self)
    return kernelSize.count == 1
      ? input.maxPool1d(
        kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
        ceilMode: ceilMode)
      : input.maxPool2d(
        kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
        ceilMode: ceilMode)
  }
}

/// ``MaxPool`` of `[batch, channels, length]`, or `[channels, length]`; as `torch.nn.MaxPool1d`.
public final class MaxPool1d: MaxPool {
  override class var rank: Int { 1 }
}

/// ``MaxPool`` of `[batch, channels, height, width]`, or without `batch`; as `torch.nn.MaxPool2d`.
public final class MaxPool2d: MaxPool {}

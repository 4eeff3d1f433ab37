public import LevinTensor

/// What ``AvgPool1d`` and ``AvgPool2d`` have in common: the average of each window.
public class AvgPool: Layer {
  /// The size of a window.
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
  /// How many spatial dimensions inputs have.
  class var rank: Int { 2 }

  fileprivate init(
    _ kernelSize: any SpatialSizes, _ stride: (any SpatialSizes)?, _ padding: any SpatialSizes,
    _ ceilMode: Bool, _ countIncludePad: Bool, _ divisorOverride: Int?
  ) {
    let (rank, layer) = (Self.rank, "\(Self.self)")
    let size = LayerChecks.sizes(kernelSize, "kernelSize", rank, least: 1, for: layer)
    self.kernelSize = size
    self.stride = stride.map { LayerChecks.sizes($0, "stride", rank, least: 1, for: layer) } ?? size
    self.padding = LayerChecks.sizes(padding, "padding", rank, least: 0, for: layer)
    (self.ceilMode, self.countIncludePad) = (ceilMode, countIncludePad)
    self.divisorOverride = divisorOverride
  }

  public override func forward(_ input: Tensor) -> Tensor {
    LayerChecks.images(input, rank: kernelSize.count, of: self)
    return kernelSize.count == 1
      ? input.avgPool1d(
        kernelSize: kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
        countIncludePad: countIncludePad)
      : input.avgPool2d(
        kernelSize: kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
        countIncludePad: countIncludePad, divisorOverride: divisorOverride)
  }
}

/// ``AvgPool`` of `[batch, channels, length]`, or `[channels, length]`; as `torch.nn.AvgPool1d`.
public final class AvgPool1d: AvgPool {
  override class var rank: Int { 1 }

  /// The stride is the window's size unless given; traps for sizes below 1.
  public init(
    kernelSize: any SpatialSizes, stride: (any SpatialSizes)? = nil,
    padding: any SpatialSizes = 0, ceilMode: Bool = false, countIncludePad: Bool = true
  ) {
    super.init(kernelSize, stride, padding, ceilMode, countIncludePad, nil)
  }
}

/// ``AvgPool`` of `[batch, channels, height, width]`, or without `batch`; as `torch.nn.AvgPool2d`.
public final class AvgPool2d: AvgPool {
  /// The stride is the window's size unless given; traps for sizes below 1.
  public init(
    kernelSize: any SpatialSizes, stride: (any SpatialSizes)? = nil,
    padding: any SpatialSizes = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
    divisorOverride: Int? = nil
  ) {
    super.init(kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride)
  }
}

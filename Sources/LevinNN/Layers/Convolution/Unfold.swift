public import LevinTensor

/// The sliding windows of images `[batch, channels, height, width]`, one per column: `[batch, channels · kernel,
/// windows]`; as `torch.nn.Unfold`.
public final class Unfold: Layer {
  /// The height and width of windows.
  public let kernelSize: [Int]
  /// The distance between the elements of a window, vertically and horizontally.
  public let dilation: [Int]
  /// The zeros added at both ends, vertically and horizontally.
  public let padding: [Int]
  /// The distance between windows, vertically and horizontally.
  public let stride: [Int]

  /// Creates the layer; traps for sizes below 1 and negative padding.
  public init(
    kernelSize: any SpatialSizes, dilation: any SpatialSizes = 1, padding: any SpatialSizes = 0,
    stride: any SpatialSizes = 1
  ) {
    self.kernelSize = LayerChecks.sizes(kernelSize, "kernelSize", 2, least: 1, for: "Unfold")
    self.dilation = LayerChecks.sizes(dilation, "dilation", 2, least: 1, for: "Unfold")
    self.padding = LayerChecks.sizes(padding, "padding", 2, least: 0, for: "Unfold")
    self.stride = LayerChecks.sizes(stride, "stride", 2, least: 1, for: "Unfold")
  }

  public override func forward(_ input: Tensor) -> Tensor {
    LayerChecks.images(input, rank: 2, of: self)
    return input.unfolded(
      kernelSize: kernelSize, dilation: dilation, padding: padding, stride: stride)
  }
}

/// Sums windows `[batch, channels · kernel, windows]` into images of `outputSize`, `[batch, channels, height,
/// width]`: each element is the sum of all window elements at its position; as `torch.nn.Fold`.
public final class Fold: Layer {
  /// The height and width of the images.
  public let outputSize: [Int]
  /// The height and width of windows.
  public let kernelSize: [Int]
  /// The distance between the elements of a window, vertically and horizontally.
  public let dilation: [Int]
  /// The zeros added at both ends, vertically and horizontally.
  public let padding: [Int]
  /// The distance between windows, vertically and horizontally.
  public let stride: [Int]

  /// Creates the layer; traps for sizes below 1 and negative padding.
  public init(
    outputSize: any SpatialSizes, kernelSize: any SpatialSizes, dilation: any SpatialSizes = 1,
    padding: any SpatialSizes = 0, stride: any SpatialSizes = 1
  ) {
    self.outputSize = LayerChecks.sizes(outputSize, "outputSize", 2, least: 1, for: "Fold")
    self.kernelSize = LayerChecks.sizes(kernelSize, "kernelSize", 2, least: 1, for: "Fold")
    self.dilation = LayerChecks.sizes(dilation, "dilation", 2, least: 1, for: "Fold")
    self.padding = LayerChecks.sizes(padding, "padding", 2, least: 0, for: "Fold")
    self.stride = LayerChecks.sizes(stride, "stride", 2, least: 1, for: "Fold")
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.folded(
      outputSize: outputSize, kernelSize: kernelSize, dilation: dilation, padding: padding,
      stride: stride)
  }
}

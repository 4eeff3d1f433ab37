public import LevinTensor

/// The sliding windows of images `[batch, channels, height, width]`, one per column: `[batch, channels · kernel,
/// windows]`.
public final class Unfold: Layer {
  /// The size, stride, dilation and padding of the windows.
  public let geometry: WindowGeometry

  /// Creates the layer with windows of height and width `kernelSize`.
  public convenience init(
    _ kernelSize: Int, dilation: Int = 1, padding: Int = 0, stride: Int = 1
  ) {
    self.init(
      WindowGeometry(
        (kernelSize, kernelSize), dilation: (dilation, dilation), padding: (padding, padding),
        stride: (stride, stride)))
  }

  /// Creates the layer with windows of any geometry.
  public init(_ geometry: WindowGeometry) { self.geometry = geometry }

  public override func forward(_ input: Tensor) -> Tensor { input.windowsUnfolded(geometry) }
}

/// Sums windows `[batch, channels · kernel, windows]` into images of `outputSize`, `[batch, channels, height,
/// width]`: each element is the sum of all window elements at its position.
public final class Fold: Layer {
  /// The height and width of the images.
  public let outputSize: (height: Int, width: Int)
  /// The size, stride, dilation and padding of the windows.
  public let geometry: WindowGeometry

  /// Creates the layer with windows of height and width `kernelSize`.
  public convenience init(
    _ outputSize: (Int, Int), _ kernelSize: Int, dilation: Int = 1, padding: Int = 0,
    stride: Int = 1
  ) {
    self.init(
      outputSize,
      WindowGeometry(
        (kernelSize, kernelSize), dilation: (dilation, dilation), padding: (padding, padding),
        stride: (stride, stride)))
  }

  /// Creates the layer with windows of any geometry.
  public init(_ outputSize: (Int, Int), _ geometry: WindowGeometry) {
    self.outputSize = (outputSize.0, outputSize.1)
    self.geometry = geometry
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.windowsFolded(outputSize, geometry)
  }
}

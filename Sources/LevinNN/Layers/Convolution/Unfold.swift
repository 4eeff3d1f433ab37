public import LevinTensor

/// The windows that slide over pictures `[batch, channels, height, width]`, a column each: `[batch, channels · kernel, windows]`.
public final class Unfold: Layer {
  /// Size, distance and padding of the windows.
  public let geometry: WindowGeometry

  /// Windows of height and width `kernelSize`.
  public convenience init(
    _ kernelSize: Int, dilation: Int = 1, padding: Int = 0, stride: Int = 1
  ) {
    self.init(
      WindowGeometry(
        (kernelSize, kernelSize), dilation: (dilation, dilation), padding: (padding, padding),
        stride: (stride, stride)))
  }

  /// Windows of any geometry.
  public init(_ geometry: WindowGeometry) { self.geometry = geometry }

  public override func forward(_ input: Tensor) -> Tensor { input.windowsUnfolded(geometry) }
}

/// Pictures of `outputSize` whose elements are the sums of what stands for them in windows `[batch, channels · kernel, windows]`:
/// `[batch, channels, height, width]`.
public final class Fold: Layer {
  /// Height and width of the pictures.
  public let outputSize: (height: Int, width: Int)
  /// Size, distance and padding of the windows.
  public let geometry: WindowGeometry

  /// Windows of height and width `kernelSize`.
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

  /// Windows of any geometry.
  public init(_ outputSize: (Int, Int), _ geometry: WindowGeometry) {
    self.outputSize = (outputSize.0, outputSize.1)
    self.geometry = geometry
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.windowsFolded(outputSize, geometry)
  }
}

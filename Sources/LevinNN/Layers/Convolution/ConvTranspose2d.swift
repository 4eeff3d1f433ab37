public import LevinTensor

/// Transposed convolution of `[batch, in, height, width]`, or `[in, height, width]`, into
/// `[batch, out, height, width]`; as `torch.nn.ConvTranspose2d`.
///
/// The output size along a dimension is (size − 1) · stride − 2 · padding + dilation · (kernel − 1) + outputPadding +
/// 1. `weight` is `[in, out / groups, kernel, kernel]`; it and the bias start uniform in ±1/√(out / groups · kernel ·
/// kernel), bit for bit as PyTorch's. From Zeiler and others (2010).
public final class ConvTranspose2d: Layer {
  /// The weight, `[in, out / groups, kernel, kernel]`.
  public let weight: Parameter
  /// The bias, `[out]`; nil if the layer has none.
  public let bias: Parameter?
  /// The stride, for height and width.
  public let stride: [Int]
  /// The number of elements removed on each side, for height and width.
  public let padding: [Int]
  /// The number of elements added at one end, for height and width.
  public let outputPadding: [Int]
  /// The number of groups of channels.
  public let groups: Int
  /// The dilation, for height and width.
  public let dilation: [Int]

  /// Creates a layer with new random weights; traps for sizes below 1 and channels that `groups` does not divide.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernelSize: some SpatialSizes,
    stride: some SpatialSizes = 1, padding: some SpatialSizes = 0,
    outputPadding: some SpatialSizes = 0, groups: Int = 1, bias: Bool = true,
    dilation: some SpatialSizes = 1
  ) {
    let layer = "ConvTranspose2d"
    LayerChecks.channels(inputChannels, outputChannels, groups: groups, for: layer)
    let kernel = LayerChecks.sizes(kernelSize, "kernelSize", 2, least: 1, for: layer)
    self.stride = LayerChecks.sizes(stride, "stride", 2, least: 1, for: layer)
    self.padding = LayerChecks.sizes(padding, "padding", 2, least: 0, for: layer)
    self.outputPadding = LayerChecks.sizes(outputPadding, "outputPadding", 2, least: 0, for: layer)
    self.dilation = LayerChecks.sizes(dilation, "dilation", 2, least: 1, for: layer)
    self.groups = groups
    let shape = Shape([inputChannels, outputChannels / groups] + kernel)
    weight = Parameter(InitialWeights.weight(shape))
    self.bias = bias ? Parameter(InitialWeights.bias(outputChannels, of: shape)) : nil
  }

  public override func forward(_ input: Tensor) -> Tensor {
    LayerChecks.images(input, channels: weight.shape[0], rank: 2, of: self)
    return input.convTranspose2d(
      weight: weight.value, bias: bias?.value, stride: stride, padding: padding,
      outputPadding: outputPadding, groups: groups, dilation: dilation)
  }
}

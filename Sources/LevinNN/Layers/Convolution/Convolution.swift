public import LevinTensor

/// The base of ``Conv1d`` and ``Conv2d``: `weight` `[out, in / groups, kernel…]` and `bias` `[out]`.
///
/// Both start uniform in ±1/√(in / groups · kernel…), drawn from the default generator in PyTorch's order, bit for
/// bit.
public class Convolution: Layer {
  /// The weight, `[out, in / groups, kernel…]`.
  public let weight: Parameter
  /// The bias, `[out]`; nil if the layer has none.
  public let bias: Parameter?
  /// The stride: one number for each spatial dimension.
  public let stride: [Int]
  /// The padding: numbers, `.same` or `.valid`.
  public let padding: any ConvolutionPadding
  /// The dilation: one number for each spatial dimension.
  public let dilation: [Int]
  /// The number of groups of channels; each group of output channels is computed from its own group of input
  /// channels.
  public let groups: Int

  init(
    _ rank: Int, _ inputChannels: Int, _ outputChannels: Int, _ kernelSize: any SpatialSizes,
    _ stride: any SpatialSizes, _ padding: any ConvolutionPadding, _ dilation: any SpatialSizes,
    _ groups: Int, _ bias: Bool
  ) {
    let layer = "Conv\(rank)d"
    LayerChecks.channels(inputChannels, outputChannels, groups: groups, for: layer)
    let kernel = LayerChecks.sizes(kernelSize, "kernelSize", rank, least: 1, for: layer)
    self.stride = LayerChecks.sizes(stride, "stride", rank, least: 1, for: layer)
    self.dilation = LayerChecks.sizes(dilation, "dilation", rank, least: 1, for: layer)
    (self.padding, self.groups) = (padding, groups)
    let shape = Shape([outputChannels, inputChannels / groups] + kernel)
    weight = Parameter(InitialWeights.weight(shape))
    self.bias = bias ? Parameter(InitialWeights.bias(outputChannels, of: shape)) : nil
  }

  /// Traps, naming the layer, if the input has other dimensions or channels.
  func check(_ input: Tensor) {
    LayerChecks.images(
      input, channels: weight.shape[1] * groups, rank: weight.shape.rank - 2, of: self)
  }
}

/// Convolution (cross-correlation) of `[batch, in, length]`, or `[in, length]`, into `[batch, out, length]`; as
/// `torch.nn.Conv1d`.
///
/// Output sizes follow the formula of ``Conv2d``.
public final class Conv1d: Convolution {
  /// Creates a layer with new random weights; traps for sizes below 1 and channels that `groups` does not divide.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernelSize: some SpatialSizes,
    stride: some SpatialSizes = 1, padding: some ConvolutionPadding = 0,
    dilation: some SpatialSizes = 1, groups: Int = 1, bias: Bool = true
  ) {
    super.init(
      1, inputChannels, outputChannels, kernelSize, stride, padding, dilation, groups, bias)
  }

  public override func forward(_ input: Tensor) -> Tensor {
    check(input)
    return input.conv1d(
      weight: weight.value, bias: bias?.value, stride: stride, padding: padding,
      dilation: dilation, groups: groups)
  }
}

/// Convolution (cross-correlation) of `[batch, in, height, width]`, or `[in, height, width]`, into
/// `[batch, out, height, width]`; as `torch.nn.Conv2d`.
///
/// The output size along a dimension is ⌊(size + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1. If
/// `groups` equals the number of channels, it is a depthwise convolution. From LeCun and others (1989).
public final class Conv2d: Convolution {
  /// Creates a layer with new random weights; traps for sizes below 1 and channels that `groups` does not divide.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernelSize: some SpatialSizes,
    stride: some SpatialSizes = 1, padding: some ConvolutionPadding = 0,
    dilation: some SpatialSizes = 1, groups: Int = 1, bias: Bool = true
  ) {
    super.init(
      2, inputChannels, outputChannels, kernelSize, stride, padding, dilation, groups, bias)
  }

  public override func forward(_ input: Tensor) -> Tensor {
    check(input)
    return input.conv2d(
      weight: weight.value, bias: bias?.value, stride: stride, padding: padding,
      dilation: dilation, groups: groups)
  }
}

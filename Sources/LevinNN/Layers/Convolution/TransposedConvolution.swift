public import LevinTensor

/// What ``ConvTranspose1d``, ``ConvTranspose2d`` and ``ConvTranspose3d`` have in common: the way back of a convolution, with
/// `weight` `[in, out / groups, kernel…]`, plus `bias` `[out]`.
///
/// Both start uniform in ±1/√(out / groups · kernel…), bit for bit as PyTorch's. Outputs have
/// (size − 1) · stride − 2 · padding + dilation · (kernel − 1) + outputPadding + 1 places along a dimension. By Zeiler and others
/// (2010).
public class TransposedConvolution: Layer {
  /// `[in, out / groups, kernel…]`.
  public var weight: Parameter
  /// The bias, `[out]`; nil if the layer has none.
  public var bias: Parameter?
  /// The dilation: one number for each spatial dimension.
  public let stride: [Int]
  /// The number of elements removed on each side, for height and width.
  public let padding: [Int]
  /// The number of elements added at one end, for height and width.
  public let outputPadding: [Int]
  /// The number of groups of channels.
  public let groups: Int
  /// The dilation: one number for each spatial dimension.
  public let dilation: [Int]
  /// How many spatial dimensions inputs have.
  class var rank: Int { 2 }

  /// Creates a layer with new random weights; traps for sizes below 1 and channels that `groups` does not divide.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernelSize: any SpatialSizes,
    stride: any SpatialSizes = 1, padding: any SpatialSizes = 0,
    outputPadding: any SpatialSizes = 0, groups: Int = 1, bias: Bool = true,
    dilation: any SpatialSizes = 1
  ) {
    let (rank, layer) = (Self.rank, "\(Self.self)")
    LayerChecks.channels(inputChannels, outputChannels, groups: groups, for: layer)
    let kernel = LayerChecks.sizes(kernelSize, "kernelSize", rank, least: 1, for: layer)
    self.stride = LayerChecks.sizes(stride, "stride", rank, least: 1, for: layer)
    self.padding = LayerChecks.sizes(padding, "padding", rank, least: 0, for: layer)
    self.outputPadding = LayerChecks.sizes(
      outputPadding, "outputPadding", rank, least: 0, for: layer)
    self.dilation = LayerChecks.sizes(dilation, "dilation", rank, least: 1, for: layer)
    self.groups = groups
    let shape = Shape([inputChannels, outputChannels / groups] + kernel)
    weight = Parameter(InitialWeights.weight(shape))
    self.bias = bias ? Parameter(InitialWeights.bias(outputChannels, of: shape)) : nil
  }

  public override func forward(_ input: Tensor) -> Tensor {
    let rank = weight.shape.rank - 2
    LayerChecks.images(input, channels: weight.shape[0], rank: rank, of: self)
    let (weight, bias) = (weight.value, bias?.value)
    return switch rank {
    case 1:
      input.convTranspose1d(
        weight: weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding,
        groups: groups, dilation: dilation)
    case 2:
      input.convTranspose2d(
        weight: weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding,
        groups: groups, dilation: dilation)
    default:
      input.convTranspose3d(
        weight: weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding,
        groups: groups, dilation: dilation)
    }
  }
}

/// ``TransposedConvolution`` of `[batch, in, length]`, or `[in, length]`; as `torch.nn.ConvTranspose1d`.
public final class ConvTranspose1d: TransposedConvolution {
  override class var rank: Int { 1 }
}

/// ``TransposedConvolution`` of `[batch, in, height, width]`, or `[in, height, width]`; as `torch.nn.ConvTranspose2d`.
public final class ConvTranspose2d: TransposedConvolution {}

/// ``TransposedConvolution`` of `[batch, in, depth, height, width]`, or without `batch`; as `torch.nn.ConvTranspose3d`.
public final class ConvTranspose3d: TransposedConvolution {
  override class var rank: Int { 3 }
}

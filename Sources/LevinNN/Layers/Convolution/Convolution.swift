public import LevinTensor

/// What ``Conv1d``, ``Conv2d`` and ``Conv3d`` have in common: cross-correlation with `weight` `[out, in / groups, kernel…]`, plus
/// `bias` `[out]`.
///
/// Both start uniform in ±1/√(in / groups · kernel…), drawn from the default generator in PyTorch's order, bit for bit. Outputs
/// have ⌊(size + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 places along a dimension. With `groups` equal to the
/// channels it is a depthwise convolution. By LeCun and others (1989).
public class Convolution: Layer {
  /// What surrounds inputs.
  public enum PaddingMode: Sendable {
    /// Zeros.
    case zeros
    /// The elements inside, mirrored at the outermost one.
    case reflect
    /// With the outermost element.
    case replicate
    /// With the elements of the opposite end.
    case circular
  }

  /// The weight, `[out, in / groups, kernel…]`.
  public var weight: Parameter
  /// The bias, `[out]`; nil if the layer has none.
  public var bias: Parameter?
  /// The stride: one number for each spatial dimension.
  public let stride: [Int]
  /// The padding: numbers, `.same` or `.valid`.
  public let padding: any ConvolutionPadding
  /// The dilation: one number for each spatial dimension.
  public let dilation: [Int]
  /// The number of groups of channels; each group of output channels is computed from its own group of input
  /// channels.
  public let groups: Int
  /// What surrounds inputs.
  public let paddingMode: PaddingMode
  /// How many spatial dimensions inputs have.
  class var rank: Int { 2 }

  /// Creates a layer with new random weights; traps for sizes below 1 and channels that `groups` does not divide.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernelSize: any SpatialSizes,
    stride: any SpatialSizes = 1, padding: any ConvolutionPadding = 0,
    dilation: any SpatialSizes = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .zeros
  ) {
    let (rank, layer) = (Self.rank, "\(Self.self)")
    LayerChecks.channels(inputChannels, outputChannels, groups: groups, for: layer)
    let kernel = LayerChecks.sizes(kernelSize, "kernelSize", rank, least: 1, for: layer)
    self.stride = LayerChecks.sizes(stride, "stride", rank, least: 1, for: layer)
    self.dilation = LayerChecks.sizes(dilation, "dilation", rank, least: 1, for: layer)
    (self.padding, self.groups, self.paddingMode) = (padding, groups, paddingMode)
    let shape = Shape([outputChannels, inputChannels / groups] + kernel)
    weight = Parameter(InitialWeights.weight(shape))
    self.bias = bias ? Parameter(InitialWeights.bias(outputChannels, of: shape)) : nil
  }

  public override func forward(_ input: Tensor) -> Tensor {
    let rank = weight.shape.rank - 2
    LayerChecks.images(input, channels: weight.shape[1] * groups, rank: rank, of: self)
    let x = surrounded(input)
    let padding = paddingMode == .zeros ? padding : 0
    let (weight, bias) = (weight.value, bias?.value)
    return switch rank {
    case 1:
      x.conv1d(
        weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
        groups: groups)
    case 2:
      x.conv2d(
        weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
        groups: groups)
    default:
      x.conv3d(
        weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
        groups: groups)
    }
  }

  /// The input with its padding, where that is not zeros.
  private func surrounded(_ input: Tensor) -> Tensor {
    guard paddingMode != .zeros else { return input }
    let kernel = weight.shape.dropFirst(2)
    let sizes =
      padding.isSame
      ? zip(kernel, dilation).map { ($0 - 1) * $1 }
      : LayerChecks.sizes(padding, "padding", kernel.count, least: 0, for: "\(type(of: self))")
        .map { 2 * $0 }
    let amounts = sizes.reversed().flatMap { [$0 / 2, $0 - $0 / 2] }
    let mode: Tensor.PaddingMode =
      paddingMode == .reflect ? .reflect : paddingMode == .replicate ? .replicate : .circular
    return input.padded(amounts, mode: mode)
  }
}

/// ``Convolution`` of `[batch, in, length]`, or `[in, length]`, into `[batch, out, length]`; as `torch.nn.Conv1d`.
public final class Conv1d: Convolution {
  override class var rank: Int { 1 }
}

/// ``Convolution`` of `[batch, in, height, width]`, or `[in, height, width]`, into `[batch, out, height, width]`; as
/// `torch.nn.Conv2d`.
public final class Conv2d: Convolution {}

/// ``Convolution`` of `[batch, in, depth, height, width]`, or without `batch`, into `[batch, out, depth, height, width]`; as
/// `torch.nn.Conv3d`.
public final class Conv3d: Convolution {
  override class var rank: Int { 3 }
}

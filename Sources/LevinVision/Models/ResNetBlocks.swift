public import LevinNN
public import LevinTensor

/// A residual block with two 3×3 convolutions, as in ResNet-18 and 34.
public final class BasicBlock: Layer {
  /// 3×3, with the block's stride.
  public var conv1: Layer
  /// Normalizes the output of `conv1`.
  public var bn1: Layer
  /// Follows the sum, and each normalization except the last.
  public var relu: Layer
  /// 3×3.
  public var conv2: Layer
  /// Normalizes the output of `conv2`.
  public var bn2: Layer
  /// Brings the input to the shape of the output; nil if it already has that shape.
  public var downsample: Sequential?

  init(
    _ inputs: Int, _ planes: Int, stride: Int, downsample: Sequential?,
    normLayer: (Int) -> Layer
  ) {
    conv1 = conv3x3(inputs, planes, stride: stride)
    bn1 = normLayer(planes)
    relu = ReLU()
    conv2 = conv3x3(planes, planes)
    bn2 = normLayer(planes)
    self.downsample = downsample
  }

  public override func forward(_ input: Tensor) -> Tensor {
    let residual = bn2(conv2(relu(bn1(conv1(input)))))
    return relu(residual + (downsample?(input) ?? input))
  }
}

/// A residual block with a 3×3 convolution between two 1×1 convolutions, as in ResNet-50 and deeper ones.
///
/// The 3×3 convolution has the stride, as in torchvision, which makes better models than the paper's version.
public final class Bottleneck: Layer {
  /// 1×1, to the width.
  public var conv1: Layer
  /// Normalizes the output of `conv1`.
  public var bn1: Layer
  /// 3×3, with the block's stride, groups and dilation.
  public var conv2: Layer
  /// Normalizes the output of `conv2`.
  public var bn2: Layer
  /// 1×1, to four times the planes.
  public var conv3: Layer
  /// Normalizes the output of `conv3`.
  public var bn3: Layer
  /// Follows the sum, and each normalization except the last.
  public var relu: Layer
  /// Brings the input to the shape of the output; nil if it already has that shape.
  public var downsample: Sequential?

  init(
    _ inputs: Int, _ planes: Int, stride: Int, downsample: Sequential?, groups: Int,
    widthPerGroup: Int, dilation: Int, normLayer: (Int) -> Layer
  ) {
    let width = planes * widthPerGroup / 64 * groups
    conv1 = conv1x1(inputs, width)
    bn1 = normLayer(width)
    conv2 = conv3x3(width, width, stride: stride, groups: groups, dilation: dilation)
    bn2 = normLayer(width)
    conv3 = conv1x1(width, 4 * planes)
    bn3 = normLayer(4 * planes)
    relu = ReLU()
    self.downsample = downsample
  }

  public override func forward(_ input: Tensor) -> Tensor {
    let narrow = relu(bn2(conv2(relu(bn1(conv1(input))))))
    return relu(bn3(conv3(narrow)) + (downsample?(input) ?? input))
  }
}

func conv3x3(
  _ inputs: Int, _ outputs: Int, stride: Int = 1, groups: Int = 1, dilation: Int = 1
) -> Conv2d {
  Conv2d(
    inputs, outputs, kernelSize: 3, stride: stride, padding: dilation, dilation: dilation,
    groups: groups, bias: false)
}

func conv1x1(_ inputs: Int, _ outputs: Int, stride: Int = 1) -> Conv2d {
  Conv2d(inputs, outputs, kernelSize: 1, stride: stride, bias: false)
}

internal import LevinSystem
public import LevinNN
public import LevinTensor

/// A residual network (He and others 2015), with its wide (Zagoruyko and Komodakis 2016) and grouped variants (ResNeXt,
/// Xie and others 2016), as `torchvision.models.ResNet`.
///
/// It maps `[batch, 3, height, width]` to `[batch, numClasses]`. For images of 32×32 pixels, replace the first layers:
/// `model.conv1 = Conv2d(3, 64, kernelSize: 3, padding: 1, bias: false)`, `model.maxpool = Identity()`.
public final class ResNet: Layer {
  /// The kind of block in the stages.
  public enum Block: Sendable {
    /// ``BasicBlock``.
    case basic
    /// ``Bottleneck``.
    case bottleneck

    var expansion: Int { self == .basic ? 1 : 4 }
  }

  /// 7×7 with stride 2, to 64 channels.
  public var conv1: Layer
  /// Normalizes the output of `conv1`.
  public var bn1: Layer
  /// Follows `bn1`.
  public var relu: Layer
  /// 3×3 with stride 2.
  public var maxpool: Layer
  /// Blocks with 64 planes.
  public var layer1: Sequential
  /// Blocks with 128 planes, and half the height and width.
  public var layer2: Sequential
  /// Blocks with 256 planes, and half the height and width.
  public var layer3: Sequential
  /// Blocks with 512 planes, and half the height and width.
  public var layer4: Sequential
  /// Averages to one pixel.
  public var avgpool: Layer
  /// From 512 features, or 2048 with ``Bottleneck``, to classes.
  public var fc: Layer

  /// Creates a model with new weights.
  ///
  /// - Parameter layers: The number of blocks in each of the four stages.
  /// - Parameter zeroInitResidual: Whether blocks are initially the identity (Goyal and others 2017).
  /// - Parameter groups: The groups of the 3×3 convolutions of ``Bottleneck``.
  /// - Parameter widthPerGroup: The number of their channels per group in the first stage.
  /// - Parameter replaceStrideWithDilation: Whether each stage from the second on uses dilation and keeps the size.
  /// - Parameter normLayer: Creates a normalization for a number of channels.
  public init(
    _ block: Block, _ layers: [Int], numClasses: Int = 1000, zeroInitResidual: Bool = false,
    groups: Int = 1, widthPerGroup: Int = 64,
    replaceStrideWithDilation: [Bool] = [false, false, false],
    normLayer: (Int) -> Layer = { BatchNorm2d($0) }
  ) {
    guard layers.count == 4, replaceStrideWithDilation.count == 3 else {
      fail(
        "ResNet", "\(layers.count) stages and \(replaceStrideWithDilation.count) dilations",
        expected: "4 stages, of which 3 may be dilated")
    }
    guard block == .bottleneck || groups == 1 && widthPerGroup == 64 else {
      fail(
        "ResNet", "basic blocks of \(groups) groups, \(widthPerGroup) wide",
        expected: "1 group, 64 wide", hint: "make it of bottlenecks")
    }
    var (inputs, dilation) = (64, 1)
    func stage(_ planes: Int, _ count: Int, stride: Int, dilates: Bool) -> Sequential {
      let before = dilation
      if dilates { dilation *= stride }
      let stride = dilates ? 1 : stride
      let outputs = planes * block.expansion
      // Drawn before the block's own weights, as torchvision does.
      let downsample =
        stride != 1 || inputs != outputs
        ? Sequential(conv1x1(inputs, outputs, stride: stride), normLayer(outputs)) : nil
      return Sequential(
        (0..<count).map { index -> Layer in
          let (first, from) = (index == 0, index == 0 ? inputs : outputs)
          defer { inputs = outputs }
          return block == .basic
            ? BasicBlock(
              from, planes, stride: first ? stride : 1, downsample: first ? downsample : nil,
              normLayer: normLayer)
            : Bottleneck(
              from, planes, stride: first ? stride : 1, downsample: first ? downsample : nil,
              groups: groups, widthPerGroup: widthPerGroup,
              dilation: first ? before : dilation, normLayer: normLayer)
        })
    }
    conv1 = Conv2d(3, 64, kernelSize: 7, stride: 2, padding: 3, bias: false)
    bn1 = normLayer(64)
    relu = ReLU()
    maxpool = MaxPool2d(kernelSize: 3, stride: 2, padding: 1)
    let dilates = replaceStrideWithDilation
    layer1 = stage(64, layers[0], stride: 1, dilates: false)
    layer2 = stage(128, layers[1], stride: 2, dilates: dilates[0])
    layer3 = stage(256, layers[2], stride: 2, dilates: dilates[1])
    layer4 = stage(512, layers[3], stride: 2, dilates: dilates[2])
    avgpool = AdaptiveAvgPool2d(1)
    fc = Linear(512 * block.expansion, numClasses)
    super.init()
    initializeConvolutions(kaimingFanOut)
    if zeroInitResidual {
      for (_, module) in namedModules {
        let last = (module as? BasicBlock)?.bn2 ?? (module as? Bottleneck)?.bn3
        if let weight = last?.parameter(at: "weight") { weight.fill(.zeros(weight.shape)) }
      }
    }
  }

  public override func forward(_ input: Tensor) -> Tensor {
    let stem = maxpool(relu(bn1(conv1(input))))
    return fc(avgpool(layer4(layer3(layer2(layer1(stem))))).flattened(from: 1))
  }
}

/// ``ResNet`` of 18 layers with weights: 11,689,512 parameters.
public func resnet18(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(.basic, [2, 2, 2, 2], numClasses: numClasses, zeroInitResidual: zeroInitResidual)
}
/// ``ResNet`` of 34 layers with weights: 21,797,672 parameters.
public func resnet34(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(.basic, [3, 4, 6, 3], numClasses: numClasses, zeroInitResidual: zeroInitResidual)
}
/// ``ResNet`` of 50 layers with weights: 25,557,032 parameters.
public func resnet50(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(.bottleneck, [3, 4, 6, 3], numClasses: numClasses, zeroInitResidual: zeroInitResidual)
}
/// ``ResNet`` of 101 layers with weights: 44,549,160 parameters.
public func resnet101(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(.bottleneck, [3, 4, 23, 3], numClasses: numClasses, zeroInitResidual: zeroInitResidual)
}
/// ``ResNet`` of 152 layers with weights: 60,192,808 parameters.
public func resnet152(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(.bottleneck, [3, 8, 36, 3], numClasses: numClasses, zeroInitResidual: zeroInitResidual)
}
/// ResNeXt-50 with 32 groups, 4 wide (torchvision's `resnext50_32x4d`): 25,028,904 parameters.
public func resnext50x32x4d(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(
    .bottleneck, [3, 4, 6, 3], numClasses: numClasses, zeroInitResidual: zeroInitResidual,
    groups: 32, widthPerGroup: 4)
}
/// ResNeXt-101 with 32 groups, 8 wide (torchvision's `resnext101_32x8d`): 88,791,336 parameters.
public func resnext101x32x8d(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(
    .bottleneck, [3, 4, 23, 3], numClasses: numClasses, zeroInitResidual: zeroInitResidual,
    groups: 32, widthPerGroup: 8)
}
/// ResNeXt-101 with 64 groups, 4 wide (torchvision's `resnext101_64x4d`): 83,455,272 parameters.
public func resnext101x64x4d(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(
    .bottleneck, [3, 4, 23, 3], numClasses: numClasses, zeroInitResidual: zeroInitResidual,
    groups: 64, widthPerGroup: 4)
}
/// ResNet-50 with twice the width inside blocks (torchvision's `wide_resnet50_2`): 68,883,240 parameters.
public func wideResnet50x2(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(
    .bottleneck, [3, 4, 6, 3], numClasses: numClasses, zeroInitResidual: zeroInitResidual,
    widthPerGroup: 128)
}
/// ResNet-101 with twice the width inside blocks (torchvision's `wide_resnet101_2`): 126,886,696 parameters.
public func wideResnet101x2(numClasses: Int = 1000, zeroInitResidual: Bool = false) -> ResNet {
  ResNet(
    .bottleneck, [3, 4, 23, 3], numClasses: numClasses, zeroInitResidual: zeroInitResidual,
    widthPerGroup: 128)
}

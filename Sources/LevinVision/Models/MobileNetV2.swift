internal import LevinSystem
public import LevinNN
public import LevinTensor

/// A convolution without bias that keeps the size except for its stride, a normalization and an activation, as
/// `torchvision.ops.Conv2dNormActivation`.
public final class Conv2dNormActivation: Sequential {
  /// Creates layers with new weights.
  public convenience init(
    _ inputChannels: Int, _ outputChannels: Int, kernelSize: Int = 3, stride: Int = 1,
    groups: Int = 1, normLayer: (Int) -> Layer = { BatchNorm2d($0) },
    activationLayer: () -> Layer = { ReLU() }
  ) {
    self.init([
      Conv2d(
        inputChannels, outputChannels, kernelSize: kernelSize, stride: stride,
        padding: (kernelSize - 1) / 2, groups: groups, bias: false),
      normLayer(outputChannels), activationLayer(),
    ])
  }
}

/// MobileNetV2 (Sandler and others 2018), as `torchvision.models.MobileNetV2`.
///
/// It maps `[batch, 3, height, width]` to `[batch, numClasses]`.
public final class MobileNetV2: Layer {
  /// The stem, inverted residual blocks, and a last 1×1 convolution.
  public var features: Sequential
  /// Dropout, and a linear layer to classes.
  public var classifier: Sequential

  /// Creates a model with new weights.
  ///
  /// - Parameter widthMult: The factor that the numbers of channels of all layers are multiplied by.
  /// - Parameter invertedResidualSetting: For each stage, the factor inside blocks, channels, number of blocks and stride.
  /// - Parameter roundNearest: The number that all numbers of channels are multiples of.
  public init(
    numClasses: Int = 1000, widthMult: Double = 1,
    invertedResidualSetting: [[Int]] = [
      [1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2],
      [6, 320, 1, 1],
    ], roundNearest: Int = 8, normLayer: (Int) -> Layer = { BatchNorm2d($0) },
    dropout: Double = 0.2
  ) {
    guard !invertedResidualSetting.isEmpty, invertedResidualSetting.allSatisfy({ $0.count == 4 })
    else {
      fail(
        "MobileNetV2", "the setting \(invertedResidualSetting)",
        expected: "four numbers for each stage")
    }
    func divisible(_ channels: Double) -> Int {
      let rounded = max(
        roundNearest, Int(channels + Double(roundNearest) / 2) / roundNearest * roundNearest)
      return Double(rounded) < 0.9 * channels ? rounded + roundNearest : rounded
    }
    var channels = divisible(32 * widthMult)
    let last = divisible(1280 * max(1, widthMult))
    features = [
      Conv2dNormActivation(
        3, channels, stride: 2, normLayer: normLayer, activationLayer: { ReLU6() })
    ]
    for stage in invertedResidualSetting {
      let outputs = divisible(Double(stage[1]) * widthMult)
      for index in 0..<stage[2] {
        features.append(
          InvertedResidual(
            channels, outputs, stride: index == 0 ? stage[3] : 1, expandRatio: stage[0],
            normLayer: normLayer))
        channels = outputs
      }
    }
    features.append(
      Conv2dNormActivation(
        channels, last, kernelSize: 1, normLayer: normLayer, activationLayer: { ReLU6() }))
    classifier = Sequential(Dropout(dropout), Linear(last, numClasses))
    super.init()
    initializeConvolutionsAndLinears {
      Init.kaimingNormal($0.weight.shape, mode: .fanOut)
    }
  }

  public override func forward(_ input: Tensor) -> Tensor {
    classifier(features(input).adaptiveAvgPool2d(outputSize: [1, 1]).flattened(from: 1))
  }
}

/// A depthwise convolution between two 1×1 convolutions; the input is added if it has the output's shape.
public final class InvertedResidual: Layer {
  /// The convolutions.
  public var conv: Sequential
  /// Whether the input is added.
  public let isResidual: Bool

  init(
    _ inputs: Int, _ outputs: Int, stride: Int, expandRatio: Int, normLayer: (Int) -> Layer
  ) {
    let width = inputs * expandRatio
    isResidual = stride == 1 && inputs == outputs
    conv = Sequential {
      if expandRatio != 1 {
        Conv2dNormActivation(
          inputs, width, kernelSize: 1, normLayer: normLayer, activationLayer: { ReLU6() })
      }
      Conv2dNormActivation(
        width, width, stride: stride, groups: width, normLayer: normLayer,
        activationLayer: { ReLU6() })
      conv1x1(width, outputs)
      normLayer(outputs)
    }
  }

  public override func forward(_ input: Tensor) -> Tensor {
    isResidual ? input + conv(input) : conv(input)
  }
}

/// ``MobileNetV2``: 3,504,872 parameters.
public func mobilenetV2(
  numClasses: Int = 1000, widthMult: Double = 1, dropout: Double = 0.2
) -> MobileNetV2 {
  MobileNetV2(numClasses: numClasses, widthMult: widthMult, dropout: dropout)
}

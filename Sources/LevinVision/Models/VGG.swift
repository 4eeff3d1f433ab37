public import LevinNN
public import LevinTensor

/// VGG (Simonyan and Zisserman 2014), as `torchvision.models.VGG`.
///
/// It maps `[batch, 3, height, width]`, with at least 32 pixels in height and width, to `[batch, numClasses]`.
public final class VGG: Layer {
  /// Convolutions and pooling layers.
  public var features: Sequential
  /// Averages to 7×7 pixels.
  public var avgpool: Layer
  /// Three linear layers.
  public var classifier: Sequential

  /// Creates a model from `features`, which must have 512 output channels, with new weights.
  public init(
    _ features: Sequential, numClasses: Int = 1000, initWeights: Bool = true, dropout: Double = 0.5
  ) {
    self.features = features
    avgpool = AdaptiveAvgPool2d(7)
    classifier = Sequential(
      Linear(512 * 7 * 7, 4096), ReLU(), Dropout(dropout), Linear(4096, 4096), ReLU(),
      Dropout(dropout), Linear(4096, numClasses))
    super.init()
    if initWeights { initializeConvolutionsAndLinears(kaimingFanOut) }
  }

  public override func forward(_ input: Tensor) -> Tensor {
    classifier(avgpool(features(input)).flattened(from: 1))
  }

  /// 3×3 convolutions with these output channels, each with a ReLU; nil is a pooling layer (torchvision's
  /// `make_layers`).
  public static func features(_ channels: [Int?], batchNorm: Bool = false) -> Sequential {
    var (layers, inputs) = ([Layer](), 3)
    for outputs in channels {
      guard let outputs else {
        layers.append(MaxPool2d(kernelSize: 2, stride: 2))
        continue
      }
      layers.append(Conv2d(inputs, outputs, kernelSize: 3, padding: 1))
      if batchNorm { layers.append(BatchNorm2d(outputs)) }
      layers.append(ReLU())
      inputs = outputs
    }
    return Sequential(layers)
  }

  /// Creates a model from the numbers of convolutions in the stages of 64, 128, 256, 512 and 512 channels.
  fileprivate convenience init(
    _ convolutions: [Int], _ batchNorm: Bool, _ numClasses: Int, _ dropout: Double
  ) {
    let channels = zip([64, 128, 256, 512, 512], convolutions).flatMap { channels, count in
      [Int?](repeating: channels, count: count) + [nil]
    }
    self.init(
      VGG.features(channels, batchNorm: batchNorm), numClasses: numClasses, dropout: dropout)
  }
}

/// ``VGG`` of 11 layers with weights: 132,863,336 parameters.
public func vgg11(numClasses: Int = 1000, dropout: Double = 0.5) -> VGG {
  VGG([1, 1, 2, 2, 2], false, numClasses, dropout)
}
/// ``vgg11(numClasses:dropout:)`` with batch normalization.
public func vgg11BN(numClasses: Int = 1000, dropout: Double = 0.5) -> VGG {
  VGG([1, 1, 2, 2, 2], true, numClasses, dropout)
}
/// ``VGG`` of 13 layers with weights: 133,047,848 parameters.
public func vgg13(numClasses: Int = 1000, dropout: Double = 0.5) -> VGG {
  VGG([2, 2, 2, 2, 2], false, numClasses, dropout)
}
/// ``vgg13(numClasses:dropout:)`` with batch normalization.
public func vgg13BN(numClasses: Int = 1000, dropout: Double = 0.5) -> VGG {
  VGG([2, 2, 2, 2, 2], true, numClasses, dropout)
}
/// ``VGG`` of 16 layers with weights: 138,357,544 parameters.
public func vgg16(numClasses: Int = 1000, dropout: Double = 0.5) -> VGG {
  VGG([2, 2, 3, 3, 3], false, numClasses, dropout)
}
/// ``vgg16(numClasses:dropout:)`` with batch normalization.
public func vgg16BN(numClasses: Int = 1000, dropout: Double = 0.5) -> VGG {
  VGG([2, 2, 3, 3, 3], true, numClasses, dropout)
}
/// ``VGG`` of 19 layers with weights: 143,667,240 parameters.
public func vgg19(numClasses: Int = 1000, dropout: Double = 0.5) -> VGG {
  VGG([2, 2, 4, 4, 4], false, numClasses, dropout)
}
/// ``vgg19(numClasses:dropout:)`` with batch normalization.
public func vgg19BN(numClasses: Int = 1000, dropout: Double = 0.5) -> VGG {
  VGG([2, 2, 4, 4, 4], true, numClasses, dropout)
}

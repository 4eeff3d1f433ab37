public import LevinNN
public import LevinTensor

/// A densely connected network (Huang and others 2016), as `torchvision.models.DenseNet`.
///
/// It maps `[batch, 3, height, width]`, with at least 29 pixels in height and width, to `[batch, numClasses]`.
public final class DenseNet: Layer {
  /// The stem, blocks with transitions between them, and a last normalization.
  public var features: Sequential
  /// From the last block's channels to classes.
  public var classifier: Layer

  /// Creates a model with new weights.
  ///
  /// - Parameter growthRate: The number of channels that each layer of a block adds.
  /// - Parameter blockConfig: The number of layers in each block.
  /// - Parameter numInitFeatures: The number of channels of the stem.
  /// - Parameter bnSize: The width of a layer's 1×1 convolution, in growth rates.
  /// - Parameter dropRate: The probability with which elements of the channels that a layer adds are dropped.
  public init(
    growthRate: Int = 32, blockConfig: [Int] = [6, 12, 24, 16], numInitFeatures: Int = 64,
    bnSize: Int = 4, dropRate: Double = 0, numClasses: Int = 1000
  ) {
    features = [
      "conv0": Conv2d(3, numInitFeatures, kernelSize: 7, stride: 2, padding: 3, bias: false),
      "norm0": BatchNorm2d(numInitFeatures), "relu0": ReLU(),
      "pool0": MaxPool2d(kernelSize: 3, stride: 2, padding: 1),
    ]
    var channels = numInitFeatures
    for (index, count) in blockConfig.enumerated() {
      features.append(
        DenseBlock(count, channels, bnSize, growthRate, dropRate), named: "denseblock\(index + 1)")
      channels += count * growthRate
      if index + 1 < blockConfig.count {
        features.append(
          DenseNet.transition(channels, channels / 2), named: "transition\(index + 1)")
        channels /= 2
      }
    }
    features.append(BatchNorm2d(channels), named: "norm5")
    let linear = Linear(channels, numClasses)
    classifier = linear
    super.init()
    initializeConvolutions { Init.kaimingNormal($0.weight.shape) }
    linear.bias?.fill(.zeros([numClasses]))
  }

  public override func forward(_ input: Tensor) -> Tensor {
    classifier(features(input).relu().adaptiveAvgPool2d(outputSize: [1, 1]).flattened(from: 1))
  }

  private static func transition(_ inputs: Int, _ outputs: Int) -> Sequential {
    [
      "norm": BatchNorm2d(inputs), "relu": ReLU(), "conv": conv1x1(inputs, outputs),
      "pool": AvgPool2d(kernelSize: 2, stride: 2),
    ]
  }

  /// The state of an old checkpoint with today's names: `denselayer1.norm.1.weight` becomes `denselayer1.norm1.weight`.
  ///
  /// Torchvision's published weights have the old names.
  public static func renamed(_ state: [String: Tensor]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: state.map { (renamed($0), $1) })
  }

  /// Today's name for one in an old checkpoint; others stay as they are.
  public static func renamed(_ name: String) -> String {
    guard name.contains("denselayer") else { return name }
    let parts = name.split(separator: ".").reduce(into: [String]()) { parts, part in
      if let last = parts.last, ["norm", "relu", "conv"].contains(last), part == "1" || part == "2"
      {
        parts[parts.count - 1] += part
      } else {
        parts.append(String(part))
      }
    }
    return parts.joined(separator: ".")
  }
}

/// Layers, each of which receives the block's input and the outputs of all layers before it.
final class DenseBlock: Sequential {
  convenience init(
    _ count: Int, _ inputs: Int, _ bnSize: Int, _ growthRate: Int, _ dropRate: Double
  ) {
    self.init([] as [Layer])
    for index in 0..<count {
      append(
        DenseLayer(inputs + index * growthRate, growthRate, bnSize, dropRate),
        named: "denselayer\(index + 1)")
    }
  }

  override func forward(_ input: Tensor) -> Tensor {
    var features = [input]
    for layer in layers { features.append(layer(Tensor.concatenated(features, dimension: 1))) }
    return Tensor.concatenated(features, dimension: 1)
  }
}

/// Adds `growthRate` channels, computed from all existing ones.
final class DenseLayer: Layer {
  let norm1: BatchNorm2d
  let relu1 = ReLU()
  let conv1: Conv2d
  let norm2: BatchNorm2d
  let relu2 = ReLU()
  let conv2: Conv2d
  private let dropRate: Double

  init(_ inputs: Int, _ growthRate: Int, _ bnSize: Int, _ dropRate: Double) {
    norm1 = BatchNorm2d(inputs)
    conv1 = conv1x1(inputs, bnSize * growthRate)
    norm2 = BatchNorm2d(bnSize * growthRate)
    conv2 = conv3x3(bnSize * growthRate, growthRate)
    self.dropRate = dropRate
  }

  override func forward(_ input: Tensor) -> Tensor {
    let output = conv2(relu2(norm2(conv1(relu1(norm1(input))))))
    return dropRate > 0 && isTraining ? output.dropout(dropRate) : output
  }
}

/// ``DenseNet`` of 121 layers with weights: 7,978,856 parameters.
public func densenet121(numClasses: Int = 1000, dropRate: Double = 0) -> DenseNet {
  DenseNet(dropRate: dropRate, numClasses: numClasses)
}
/// ``DenseNet`` of 161 layers with weights: 28,681,000 parameters.
public func densenet161(numClasses: Int = 1000, dropRate: Double = 0) -> DenseNet {
  DenseNet(
    growthRate: 48, blockConfig: [6, 12, 36, 24], numInitFeatures: 96, dropRate: dropRate,
    numClasses: numClasses)
}
/// ``DenseNet`` of 169 layers with weights: 14,149,480 parameters.
public func densenet169(numClasses: Int = 1000, dropRate: Double = 0) -> DenseNet {
  DenseNet(blockConfig: [6, 12, 32, 32], dropRate: dropRate, numClasses: numClasses)
}
/// ``DenseNet`` of 201 layers with weights: 20,013,928 parameters.
public func densenet201(numClasses: Int = 1000, dropRate: Double = 0) -> DenseNet {
  DenseNet(blockConfig: [6, 12, 48, 32], dropRate: dropRate, numClasses: numClasses)
}

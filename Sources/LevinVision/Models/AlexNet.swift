public import LevinNN
public import LevinTensor

/// AlexNet, in the version of "One weird trick" (Krizhevsky 2014), as `torchvision.models.AlexNet`.
///
/// It maps `[batch, 3, height, width]`, with at least 63 pixels in height and width, to `[batch, numClasses]`.
public final class AlexNet: Layer {
  /// Five convolutions.
  public var features: Sequential
  /// Averages to 6×6 pixels.
  public var avgpool: Layer
  /// Three linear layers.
  public var classifier: Sequential

  /// Creates a model with new weights.
  public init(numClasses: Int = 1000, dropout: Double = 0.5) {
    features = Sequential(
      Conv2d(3, 64, kernelSize: 11, stride: 4, padding: 2), ReLU(),
      MaxPool2d(kernelSize: 3, stride: 2),
      Conv2d(64, 192, kernelSize: 5, padding: 2), ReLU(), MaxPool2d(kernelSize: 3, stride: 2),
      Conv2d(192, 384, kernelSize: 3, padding: 1), ReLU(),
      Conv2d(384, 256, kernelSize: 3, padding: 1), ReLU(),
      Conv2d(256, 256, kernelSize: 3, padding: 1), ReLU(), MaxPool2d(kernelSize: 3, stride: 2))
    avgpool = AdaptiveAvgPool2d(6)
    classifier = Sequential(
      Dropout(dropout), Linear(256 * 6 * 6, 4096), ReLU(), Dropout(dropout), Linear(4096, 4096),
      ReLU(), Linear(4096, numClasses))
  }

  public override func forward(_ input: Tensor) -> Tensor {
    classifier(avgpool(features(input)).flattened(from: 1))
  }
}

/// ``AlexNet``: 61,100,840 parameters.
public func alexnet(numClasses: Int = 1000, dropout: Double = 0.5) -> AlexNet {
  AlexNet(numClasses: numClasses, dropout: dropout)
}

public import LevinNN
public import LevinTensor

/// LeNet-5 (LeCun and others 1998), in its modern form with ReLU and max pooling.
///
/// It maps `[batch, 1, 28, 28]` to `[batch, numClasses]`, and has 61,706 parameters for ten classes.
public final class LeNet: Layer {
  /// Two convolutions with pooling, to `[batch, 16, 5, 5]`.
  public var features: Sequential
  /// Three linear layers.
  public var classifier: Sequential

  /// Creates a model with new weights.
  public init(numClasses: Int = 10, inputChannels: Int = 1) {
    features = Sequential(
      Conv2d(inputChannels, 6, kernelSize: 5, padding: 2), ReLU(), MaxPool2d(kernelSize: 2),
      Conv2d(6, 16, kernelSize: 5), ReLU(), MaxPool2d(kernelSize: 2))
    classifier = Sequential(
      Linear(16 * 5 * 5, 120), ReLU(), Linear(120, 84), ReLU(), Linear(84, numClasses))
  }

  public override func forward(_ input: Tensor) -> Tensor {
    classifier(features(input).flattened(from: 1))
  }
}

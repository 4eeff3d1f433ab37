public import LevinNN
public import LevinTensor

/// SqueezeNet (Iandola and others 2016), as `torchvision.models.SqueezeNet`.
///
/// It maps `[batch, 3, height, width]`, with at least 21 pixels in height and width, to `[batch, numClasses]`.
public final class SqueezeNet: Layer {
  /// The authors' versions.
  public enum Version: Sendable {
    /// The paper's version.
    case v1x0
    /// Equally good, with 2.4 times fewer operations.
    case v1x1
  }

  /// Convolutions, pooling layers and ``Fire`` modules.
  public var features: Sequential
  /// Dropout, a 1×1 convolution to classes, a ReLU and an average.
  public var classifier: Sequential

  /// Creates a model with new weights.
  public init(version: Version = .v1x0, numClasses: Int = 1000, dropout: Double = 0.5) {
    func pool() -> Layer { MaxPool2d(kernelSize: 3, stride: 2, ceilMode: true) }
    features =
      switch version {
      case .v1x0:
        Sequential(
          Conv2d(3, 96, kernelSize: 7, stride: 2), ReLU(), pool(), Fire(96, 16, 64, 64),
          Fire(128, 16, 64, 64), Fire(128, 32, 128, 128), pool(), Fire(256, 32, 128, 128),
          Fire(256, 48, 192, 192), Fire(384, 48, 192, 192), Fire(384, 64, 256, 256), pool(),
          Fire(512, 64, 256, 256))
      case .v1x1:
        Sequential(
          Conv2d(3, 64, kernelSize: 3, stride: 2), ReLU(), pool(), Fire(64, 16, 64, 64),
          Fire(128, 16, 64, 64), pool(), Fire(128, 32, 128, 128), Fire(256, 32, 128, 128), pool(),
          Fire(256, 48, 192, 192), Fire(384, 48, 192, 192), Fire(384, 64, 256, 256),
          Fire(512, 64, 256, 256))
      }
    let last = Conv2d(512, numClasses, kernelSize: 1)
    classifier = Sequential(Dropout(dropout), last, ReLU(), AdaptiveAvgPool2d(1))
    super.init()
    initializeConvolutions {
      $0 === last
        ? Init.normal($0.weight.shape, deviation: 0.01) : Init.kaimingUniform($0.weight.shape)
    }
  }

  public override func forward(_ input: Tensor) -> Tensor {
    classifier(features(input)).flattened(from: 1)
  }
}

/// Squeezes channels with a 1×1 convolution, and expands them with a 1×1 and a 3×3 convolution side by side.
public final class Fire: Layer {
  let squeeze: Conv2d
  let squeezeActivation = ReLU()
  let expand1x1: Conv2d
  let expand1x1Activation = ReLU()
  let expand3x3: Conv2d
  let expand3x3Activation = ReLU()

  /// Creates a module from `inputs` channels to `squeezed` ones, and from these to the sum of the last two numbers.
  public init(_ inputs: Int, _ squeezed: Int, _ expanded1x1: Int, _ expanded3x3: Int) {
    squeeze = Conv2d(inputs, squeezed, kernelSize: 1)
    expand1x1 = Conv2d(squeezed, expanded1x1, kernelSize: 1)
    expand3x3 = Conv2d(squeezed, expanded3x3, kernelSize: 3, padding: 1)
  }

  public override var namedMembers: [(name: String, value: Any)] {
    [
      ("squeeze", squeeze), ("squeeze_activation", squeezeActivation), ("expand1x1", expand1x1),
      ("expand1x1_activation", expand1x1Activation), ("expand3x3", expand3x3),
      ("expand3x3_activation", expand3x3Activation),
    ]
  }

  public override func forward(_ input: Tensor) -> Tensor {
    let squeezed = squeezeActivation(squeeze(input))
    return Tensor.concatenated(
      [expand1x1Activation(expand1x1(squeezed)), expand3x3Activation(expand3x3(squeezed))],
      dimension: 1)
  }
}

/// ``SqueezeNet`` of version 1.0: 1,248,424 parameters.
public func squeezenet1x0(numClasses: Int = 1000, dropout: Double = 0.5) -> SqueezeNet {
  SqueezeNet(version: .v1x0, numClasses: numClasses, dropout: dropout)
}
/// ``SqueezeNet`` of version 1.1: 1,235,496 parameters.
public func squeezenet1x1(numClasses: Int = 1000, dropout: Double = 0.5) -> SqueezeNet {
  SqueezeNet(version: .v1x1, numClasses: numClasses, dropout: dropout)
}

public import LevinTensor

/// Averages of `outputSize` windows that share out the last dimension; as `torch.nn.AdaptiveAvgPool1d`.
public final class AdaptiveAvgPool1d: Layer {
  /// The output's length.
  public let outputSize: Int

  /// A pooling of `[batch, channels, length]` to `[batch, channels, outputSize]`.
  public init(_ outputSize: Int) { self.outputSize = outputSize }

  public override func forward(_ input: Tensor) -> Tensor {
    input.adaptiveAvgPool1d(outputSize: outputSize)
  }
}

/// Averages of windows that share out the last two dimensions; as `torch.nn.AdaptiveAvgPool2d`.
public final class AdaptiveAvgPool2d: Layer {
  /// The output's height and width; nil is the input's.
  public let outputSize: [Int?]

  /// To the same height and width.
  public init(_ outputSize: Int) { self.outputSize = [outputSize, outputSize] }
  /// To a height and a width; nil is the input's.
  public init(_ outputSize: [Int?]) { self.outputSize = outputSize }

  public override func forward(_ input: Tensor) -> Tensor {
    input.adaptiveAvgPool2d(outputSize: outputSize)
  }
}

/// The largest elements of `outputSize` windows that share out the last dimension; as `torch.nn.AdaptiveMaxPool1d`.
public final class AdaptiveMaxPool1d: Layer {
  /// The output's length.
  public let outputSize: Int

  /// A pooling of `[batch, channels, length]` to `[batch, channels, outputSize]`.
  public init(_ outputSize: Int) { self.outputSize = outputSize }

  public override func forward(_ input: Tensor) -> Tensor {
    input.adaptiveMaxPool1d(outputSize: outputSize).values
  }
}

/// The largest elements of windows that share out the last two dimensions; as `torch.nn.AdaptiveMaxPool2d`.
public final class AdaptiveMaxPool2d: Layer {
  /// The output's height and width; nil is the input's.
  public let outputSize: [Int?]

  /// To the same height and width.
  public init(_ outputSize: Int) { self.outputSize = [outputSize, outputSize] }
  /// To a height and a width; nil is the input's.
  public init(_ outputSize: [Int?]) { self.outputSize = outputSize }

  public override func forward(_ input: Tensor) -> Tensor {
    input.adaptiveMaxPool2d(outputSize: outputSize).values
  }
}

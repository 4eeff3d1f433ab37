public import LevinTensor

/// The averages of `outputSize` windows that cover the last dimension evenly; as `torch.nn.AdaptiveAvgPool1d`.
public final class AdaptiveAvgPool1d: Layer {
  /// The length of the output.
  public let outputSize: Int

  /// Creates a pooling of `[batch, channels, length]` to `[batch, channels, outputSize]`.
  public init(_ outputSize: Int) { self.outputSize = outputSize }

  public override func forward(_ input: Tensor) -> Tensor {
    input.adaptiveAvgPool1d(outputSize: outputSize)
  }
}

/// The averages of windows that cover the last two dimensions evenly; as `torch.nn.AdaptiveAvgPool2d`.
public final class AdaptiveAvgPool2d: Layer {
  /// The height and width of the output; nil keeps the input's.
  public let outputSize: [Int?]

  /// Creates a pooling to the same height and width.
  public init(_ outputSize: Int) { self.outputSize = [outputSize, outputSize] }
  /// Creates a pooling to a height and a width; nil keeps the input's.
  public init(_ outputSize: [Int?]) { self.outputSize = outputSize }

  public override func forward(_ input: Tensor) -> Tensor {
    input.adaptiveAvgPool2d(outputSize: outputSize)
  }
}

/// The largest elements of `outputSize` windows that cover the last dimension evenly; as
/// `torch.nn.AdaptiveMaxPool1d`.
public final class AdaptiveMaxPool1d: Layer {
  /// The length of the output.
  public let outputSize: Int

  /// Creates a pooling of `[batch, channels, length]` to `[batch, channels, outputSize]`.
  public init(_ outputSize: Int) { self.outputSize = outputSize }

  public override func forward(_ input: Tensor) -> Tensor {
    input.adaptiveMaxPool1d(outputSize: outputSize).values
  }
}

/// The largest elements of windows that cover the last two dimensions evenly; as `torch.nn.AdaptiveMaxPool2d`.
public final class AdaptiveMaxPool2d: Layer {
  /// The height and width of the output; nil keeps the input's.
  public let outputSize: [Int?]

  /// Creates a pooling to the same height and width.
  public init(_ outputSize: Int) { self.outputSize = [outputSize, outputSize] }
  /// Creates a pooling to a height and a width; nil keeps the input's.
  public init(_ outputSize: [Int?]) { self.outputSize = outputSize }

  public override func forward(_ input: Tensor) -> Tensor {
    input.adaptiveMaxPool2d(outputSize: outputSize).values
  }
}

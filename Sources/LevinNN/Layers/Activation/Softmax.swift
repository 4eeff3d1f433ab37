public import LevinTensor

/// The softmax along a dimension: positive numbers whose sum is 1.
public final class Softmax: Layer {
  /// The dimension, counted from the last where negative.
  public let dimension: Int

  /// A layer with PyTorch's defaults.
  public init(dimension: Int) {
    self.dimension = dimension
  }

  public override func forward(_ input: Tensor) -> Tensor { input.softmax(dimension: dimension) }
}

/// The logarithm of ``Softmax``.
public final class LogSoftmax: Layer {
  /// The dimension, counted from the last where negative.
  public let dimension: Int

  /// A layer with PyTorch's defaults.
  public init(dimension: Int) {
    self.dimension = dimension
  }

  public override func forward(_ input: Tensor) -> Tensor { input.logSoftmax(dimension: dimension) }
}

/// The ``Softmax`` of the elements' opposites.
public final class Softmin: Layer {
  /// The dimension, counted from the last where negative.
  public let dimension: Int

  /// A layer with PyTorch's defaults.
  public init(dimension: Int) {
    self.dimension = dimension
  }

  public override func forward(_ input: Tensor) -> Tensor { input.softmin(dimension: dimension) }
}

/// The softmax over the channels of pictures `[batch, channels, height, width]` or `[channels, height, width]`.
public final class Softmax2d: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.softmax(dimension: -3) }
}

/// The gated linear unit (Dauphin and others 2016): the first half along a dimension times the logistic function of the second.
public final class GLU: Layer {
  /// The dimension that is halved; its size is even.
  public let dimension: Int

  /// A layer with PyTorch's defaults.
  public init(dimension: Int = -1) {
    self.dimension = dimension
  }

  public override func forward(_ input: Tensor) -> Tensor { input.glu(dimension: dimension) }
}

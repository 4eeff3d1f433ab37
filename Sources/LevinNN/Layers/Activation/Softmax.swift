public import LevinTensor

/// The softmax along a dimension: positive numbers whose sum is 1.
public final class Softmax: Layer {
  /// The dimension; a negative one counts from the last.
  public let dimension: Int

  /// Creates the layer.
  public init(dimension: Int) {
    self.dimension = dimension
  }

  public override func forward(_ input: Tensor) -> Tensor { input.softmax(dimension: dimension) }
}

/// The logarithm of ``Softmax``.
public final class LogSoftmax: Layer {
  /// The dimension; a negative one counts from the last.
  public let dimension: Int

  /// Creates the layer.
  public init(dimension: Int) {
    self.dimension = dimension
  }

  public override func forward(_ input: Tensor) -> Tensor { input.logSoftmax(dimension: dimension) }
}

/// The ``Softmax`` of the negated elements.
public final class Softmin: Layer {
  /// The dimension; a negative one counts from the last.
  public let dimension: Int

  /// Creates the layer.
  public init(dimension: Int) {
    self.dimension = dimension
  }

  public override func forward(_ input: Tensor) -> Tensor { input.softmin(dimension: dimension) }
}

/// The softmax over the channels of images `[batch, channels, height, width]` or `[channels, height, width]`.
public final class Softmax2d: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.softmax(dimension: -3) }
}

/// The gated linear unit (Dauphin and others 2016): the first half along a dimension times the logistic function of the second.
public final class GLU: Layer {
  /// The dimension that is halved; its size must be even.
  public let dimension: Int

  /// Creates the layer; the defaults are PyTorch's.
  public init(dimension: Int = -1) {
    self.dimension = dimension
  }

  public override func forward(_ input: Tensor) -> Tensor { input.glu(dimension: dimension) }
}

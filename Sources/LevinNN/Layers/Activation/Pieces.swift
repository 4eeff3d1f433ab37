public import LevinTensor

/// x, limited to `minimum…maximum`.
public final class Hardtanh: Layer {
  /// The least value.
  public let minimum: Double
  /// The largest value.
  public let maximum: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(minimum: Double = -1, maximum: Double = 1) {
    self.minimum = minimum
    self.maximum = maximum
  }

  public override func forward(_ input: Tensor) -> Tensor { input.hardtanh(minimum, maximum) }
}

/// `(x + 3) / 6` limited to 0…1.
public final class Hardsigmoid: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.hardsigmoid() }
}

/// x times ``Hardsigmoid`` (Howard and others 2019).
public final class Hardswish: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.hardswish() }
}

/// x, or 0 for x in `-lambda…lambda`.
public final class Hardshrink: Layer {
  /// The bound of the range that becomes 0.
  public let lambda: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(lambda: Double = 0.5) {
    self.lambda = lambda
  }

  public override func forward(_ input: Tensor) -> Tensor { input.hardshrink(lambda) }
}

/// x moved towards 0 by `lambda`, but not past it.
public final class Softshrink: Layer {
  /// The distance, 0 or more.
  public let lambda: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(lambda: Double = 0.5) {
    self.lambda = lambda
  }

  public override func forward(_ input: Tensor) -> Tensor { input.softshrink(lambda) }
}

/// x if it is above `threshold`, otherwise `value`.
public final class Threshold: Layer {
  /// The number that x must exceed.
  public let threshold: Double
  /// The result if x does not exceed the threshold.
  public let value: Double

  /// Creates the layer.
  public init(threshold: Double, value: Double) {
    self.threshold = threshold
    self.value = value
  }

  public override func forward(_ input: Tensor) -> Tensor { input.threshold(threshold, value) }
}

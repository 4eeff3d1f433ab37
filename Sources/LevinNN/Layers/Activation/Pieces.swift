public import LevinTensor

/// x, limited to `minimum…maximum`.
public final class Hardtanh: Layer {
  /// The least value.
  public let minimum: Double
  /// The largest value.
  public let maximum: Double

  /// A layer with PyTorch's defaults.
  public init(minimum: Double = -1, maximum: Double = 1) {
    self.minimum = minimum
    self.maximum = maximum
  }

  public override func forward(_ input: Tensor) -> Tensor { input.hardtanh(minimum, maximum) }
}

/// `(x + 3) / 6`, limited to 0…1.
public final class Hardsigmoid: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.hardsigmoid() }
}

/// x times ``Hardsigmoid`` (Howard and others 2019).
public final class Hardswish: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.hardswish() }
}

/// x, but 0 in `-lambda…lambda`.
public final class Hardshrink: Layer {
  /// Half of the width of what becomes 0.
  public let lambda: Double

  /// A layer with PyTorch's defaults.
  public init(lambda: Double = 0.5) {
    self.lambda = lambda
  }

  public override func forward(_ input: Tensor) -> Tensor { input.hardshrink(lambda) }
}

/// x, nearer to 0 by `lambda`.
public final class Softshrink: Layer {
  /// How much nearer, 0 or more.
  public let lambda: Double

  /// A layer with PyTorch's defaults.
  public init(lambda: Double = 0.5) {
    self.lambda = lambda
  }

  public override func forward(_ input: Tensor) -> Tensor { input.softshrink(lambda) }
}

/// x above `threshold`, else `value`.
public final class Threshold: Layer {
  /// What x has to be above.
  public let threshold: Double
  /// What stands in for it else.
  public let value: Double

  /// A layer with PyTorch's defaults.
  public init(threshold: Double, value: Double) {
    self.threshold = threshold
    self.value = value
  }

  public override func forward(_ input: Tensor) -> Tensor { input.threshold(threshold, value) }
}

public import LevinTensor

/// `max(x, 0)`.
public final class ReLU: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.relu() }
}

/// x limited to 0…6.
public final class ReLU6: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.relu6() }
}

/// x, or `negativeSlope x` below 0.
public final class LeakyReLU: Layer {
  /// The slope below 0.
  public let negativeSlope: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(negativeSlope: Double = 0.01) {
    self.negativeSlope = negativeSlope
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.leakyReLU(negativeSlope: negativeSlope)
  }
}

/// x, or `alpha (exp x − 1)` below 0 (Clevert and others 2015).
public final class ELU: Layer {
  /// The negative of the limit at −∞.
  public let alpha: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(alpha: Double = 1) {
    self.alpha = alpha
  }

  public override func forward(_ input: Tensor) -> Tensor { input.elu(alpha: alpha) }
}

/// x, or `alpha (exp(x / alpha) − 1)` below 0 (Barron 2017).
public final class CELU: Layer {
  /// The negative of the limit at −∞.
  public let alpha: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(alpha: Double = 1) {
    self.alpha = alpha
  }

  public override func forward(_ input: Tensor) -> Tensor { input.celu(alpha: alpha) }
}

/// A scaled ``ELU`` that preserves mean and variance (Klambauer and others 2017).
public final class SELU: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.selu() }
}

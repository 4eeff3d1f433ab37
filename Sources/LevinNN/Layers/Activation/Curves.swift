public import LevinTensor

/// The hyperbolic tangent.
public final class Tanh: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.tanh() }
}

/// `1 / (1 + exp(-x))`.
public final class Sigmoid: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.sigmoid() }
}

/// The logarithm of ``Sigmoid``, without overflow.
public final class LogSigmoid: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.logSigmoid() }
}

/// ``LevinTensor/Tensor/gelu(approximate:)``: `x Φ(x)`.
public final class GELU: Layer {
  /// How Φ is computed.
  public let approximate: Tensor.GELUApproximation

  /// Creates the layer; the defaults are PyTorch's.
  public init(approximate: Tensor.GELUApproximation = .none) {
    self.approximate = approximate
  }

  public override func forward(_ input: Tensor) -> Tensor { input.gelu(approximate: approximate) }
}

/// `x σ(x)`, also called swish.
public final class SiLU: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.silu() }
}

/// `x tanh(softplus(x))` (Misra 2019).
public final class Mish: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.mish() }
}

/// `log(1 + exp(beta x)) / beta`, or x itself if `beta x` is above the threshold.
public final class Softplus: Layer {
  /// The steepness of the bend.
  public let beta: Double
  /// The value of `beta x` above which the result is x.
  public let threshold: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(beta: Double = 1, threshold: Double = 20) {
    self.beta = beta
    self.threshold = threshold
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.softplus(beta: beta, threshold: threshold)
  }
}

/// `x / (1 + |x|)`.
public final class Softsign: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.softsign() }
}

/// `x − tanh x`.
public final class Tanhshrink: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.tanhshrink() }
}

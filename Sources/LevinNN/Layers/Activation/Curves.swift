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

  /// A layer with PyTorch's defaults.
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

/// `log(1 + exp(beta x)) / beta`, and x itself where `beta x` is above the threshold.
public final class Softplus: Layer {
  /// How steep it bends.
  public let beta: Double
  /// From where on it is x.
  public let threshold: Double

  /// A layer with PyTorch's defaults.
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

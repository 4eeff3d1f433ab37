public import LevinTensor

/// `max(x, 0)`.
public final class ReLU: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.relu() }
}

/// The hyperbolic tangent.
public final class Tanh: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.tanh() }
}

/// `1 / (1 + exp(-x))`.
public final class Sigmoid: Layer {
  public override func forward(_ input: Tensor) -> Tensor { input.sigmoid() }
}

public import LevinTensor

/// Layers one after the other; children are named `0`, `1`, …
public final class Sequential: Layer {
  public init(_ layers: Layer...) {}
}
/// `y = x Wᵀ + b`, initialised as PyTorch's `nn.Linear`.
public final class Linear: Layer {
  public init(_ inputFeatures: Int, _ outputFeatures: Int, bias: Bool = true) {}
}
/// `max(x, 0)`.
public final class ReLU: Layer {}
/// The cross-entropy between logits `[batch, classes]` and class indices `[batch]` (int64), averaged.
public final class CrossEntropyLoss: Module {
  public func callAsFunction(_ logits: Tensor, _ targets: Tensor) -> Tensor { fatalError("skeleton") }
}

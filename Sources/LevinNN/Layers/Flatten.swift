public import LevinTensor

/// `[batch, …]` to `[batch, rest]`.
public final class Flatten: Layer {
  public override func forward(_ input: Tensor) -> Tensor {
    input.reshaped(to: [input.shape[0], -1])
  }
}

public import LevinTensor

/// `y = x₁ᵀ W x₂ + b` for each output: `[…, in₁]` and `[…, in₂]` to `[…, out]`.
///
/// `weight` is `[out, in₁, in₂]`, `bias` `[out]`; both start uniform in ±1/√in₁, bit for bit as in `torch.nn.Bilinear`.
public final class Bilinear: Module {
  /// The weight, `[out, in₁, in₂]`.
  public var weight: Parameter
  /// The bias, `[out]`; nil if the layer has none.
  public var bias: Parameter?

  /// Creates a layer with new random weights.
  public init(_ firstFeatures: Int, _ secondFeatures: Int, _ outputFeatures: Int, bias: Bool = true)
  {
    let bound = 1 / Double(firstFeatures).squareRoot()
    weight = Parameter(
      Init.uniform([outputFeatures, firstFeatures, secondFeatures], -bound, bound))
    self.bias = bias ? Parameter(Init.uniform([outputFeatures], -bound, bound)) : nil
  }

  /// Returns `[…, outputFeatures]` for inputs `[…, firstFeatures]` and `[…, secondFeatures]`.
  public func callAsFunction(_ first: Tensor, _ second: Tensor) -> Tensor {
    call(with: [first, second]) {
      $0[0].bilinear($0[1], weight: weight.value, bias: bias?.value)
    }
  }
}

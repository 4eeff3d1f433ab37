internal import LevinSystem
public import LevinTensor

/// `y = x Wᵀ + b`, for x `[…, inputFeatures]` and y `[…, outputFeatures]`.
///
/// `weight` is `[outputFeatures, inputFeatures]`, `bias` `[outputFeatures]`; both start uniform in ±1/√inputFeatures, drawn
/// from the default generator in PyTorch's order, bit for bit as in `torch.nn.Linear`.
public final class Linear: Layer {
  /// The weight, `[outputFeatures, inputFeatures]`.
  public var weight: Parameter
  /// The bias, `[outputFeatures]`; nil if the layer has none.
  public var bias: Parameter?

  /// Creates a layer with new random weights; traps if a size is below 1.
  public init(_ inputFeatures: Int, _ outputFeatures: Int, bias: Bool = true) {
    guard inputFeatures >= 1, outputFeatures >= 1 else {
      fail(
        "Linear(\(inputFeatures), \(outputFeatures))",
        "\(inputFeatures) input and \(outputFeatures) output features",
        expected: "at least 1 of each")
    }
    let shape: Shape = [outputFeatures, inputFeatures]
    weight = Parameter(InitialWeights.weight(shape))
    self.bias = bias ? Parameter(InitialWeights.bias(outputFeatures, of: shape)) : nil
  }

  public override func forward(_ input: Tensor) -> Tensor { forward(input, relu: false) }

  func forward(_ input: Tensor, relu: Bool) -> Tensor {
    let features = weight.shape[1]
    if input.rank == 0 || input.shape[input.rank - 1] != features {
      refuse(input, features: features)
    }
    return input.linear(weight: weight.value, bias: bias?.value, relu: relu)
  }

  /// Traps for an input shape; flattening is suggested if the trailing dimensions together are the features.
  private func refuse(_ input: Tensor, features: Int) -> Never {
    let shape = input.shape
    let hint =
      shape.rank > 2 && shape.dropFirst().reduce(1, *) == features
      ? "flatten the input first, with Flatten() or reshaped(to: [-1, \(features)])"
      : "give it inputs of \(features) features"
        + (shape.last.map { ", or make the layer Linear(\($0), \(weight.shape[0]))" } ?? "")
    refuse(input, expected: "[…, \(features)]", hint: hint)
  }
}

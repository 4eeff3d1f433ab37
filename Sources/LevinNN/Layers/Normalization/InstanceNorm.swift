public import LevinTensor

/// Instance normalisation (Ulyanov and others 2016): of each channel of each sample, over all its places.
///
/// Running statistics (PyTorch's `track_running_stats`, off by default there) are not kept.
public class InstanceNorm: Layer {
  /// `[features]`, ones at first; nil unless the layer is affine.
  public let weight: Parameter?
  /// `[features]`, zeros at first; nil unless the layer is affine.
  public let bias: Parameter?
  /// How many channels inputs have.
  public let features: Int
  /// What is added to the variance.
  public let epsilon: Double
  /// How many dimensions of places inputs have.
  class var placeRank: Int { 1 }

  /// A layer for inputs of `features` channels.
  public init(_ features: Int, epsilon: Double = 1e-5, affine: Bool = false) {
    self.features = features
    self.epsilon = epsilon
    weight = affine ? Parameter(.ones([features])) : nil
    bias = affine ? Parameter(.zeros([features])) : nil
  }

  public override func forward(_ input: Tensor) -> Tensor {
    let rank = Self.placeRank + 1
    guard (rank...rank + 1).contains(input.rank), input.shape[input.rank - rank] == features else {
      let places = ["length", "height, width", "depth, height, width"][Self.placeRank - 1]
      ShapeChecks.fail(
        "\(type(of: self))(\(features))", "input \(input.shape)",
        expected: "input [batch, \(features), \(places)] or [\(features), \(places)]",
        hint: input.rank == rank + 1
          ? "make the layer \(type(of: self))(\(input.shape[1])), or change what comes before" : nil
      )
    }
    let batch = input.rank == rank ? input.unsqueezed(0) : input
    let output = batch.instanceNorm(weight: weight?.value, bias: bias?.value, epsilon: epsilon)
    return input.rank == rank ? output.squeezed(0) : output
  }
}

/// ``InstanceNorm`` of `[batch, features, length]` or `[features, length]`.
public final class InstanceNorm1d: InstanceNorm {}

/// ``InstanceNorm`` of `[batch, features, height, width]` or `[features, height, width]`.
public final class InstanceNorm2d: InstanceNorm {
  override class var placeRank: Int { 2 }
}

/// ``InstanceNorm`` of `[batch, features, depth, height, width]` or `[features, depth, height, width]`.
public final class InstanceNorm3d: InstanceNorm {
  override class var placeRank: Int { 3 }
}

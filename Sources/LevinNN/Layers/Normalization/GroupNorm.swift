internal import LevinSystem
public import LevinTensor

/// Group normalisation (Wu and He 2018) of `[batch, channels, …]`: with mean and variance over the channels of a group and all
/// places of a sample.
public final class GroupNorm: Layer {
  /// `[channels]`, ones at first; nil if the layer has none.
  public var weight: Parameter?
  /// `[channels]`, zeros at first; nil if the layer has none.
  public var bias: Parameter?
  /// How many groups the channels are in.
  public let groups: Int
  /// How many channels inputs have.
  public let channels: Int
  /// What is added to the variance.
  public let epsilon: Double

  /// A layer for inputs of `channels` channels; traps where the groups do not divide them.
  public init(_ groups: Int, _ channels: Int, epsilon: Double = 1e-5, affine: Bool = true) {
    guard groups > 0, channels % groups == 0 else {
      fail(
        "GroupNorm(\(groups), \(channels))", "\(channels) channels in \(groups) groups",
        expected: "a number of channels that the groups divide")
    }
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
    weight = affine ? Parameter(.ones([channels])) : nil
    bias = affine ? Parameter(.zeros([channels])) : nil
  }

  public override func forward(_ input: Tensor) -> Tensor {
    guard input.rank >= 2, input.shape[1] == channels else {
      refuse(
        input, expected: "[batch, \(channels), …]",
        hint: input.rank < 2
          ? nil
          : "make the layer GroupNorm(\(groups), \(input.shape[1])), or change what comes before")
    }
    return input.groupNorm(groups, weight: weight?.value, bias: bias?.value, epsilon: epsilon)
  }
}

internal import LevinSystem
public import LevinTensor

/// Group normalization (Wu and He 2018) of `[batch, channels, …]`.
///
/// Mean and variance are taken over the channels of a group and all positions of a sample.
public final class GroupNorm: Layer {
  /// The factors, `[channels]`, initially ones; nil if the layer has none.
  public var weight: Parameter?
  /// The offsets, `[channels]`, initially zeros; nil if the layer has none.
  public var bias: Parameter?
  /// The number of groups of channels.
  public let groups: Int
  /// The number of channels of inputs.
  public let channels: Int
  /// The number added to the variance.
  public let epsilon: Double

  /// Creates a layer for inputs with `channels` channels; traps unless the groups divide them.
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

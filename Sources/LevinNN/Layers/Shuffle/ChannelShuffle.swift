public import LevinTensor

/// Interleaves the groups of channels of `[batch, channels, …]` (Zhang and others 2018).
public final class ChannelShuffle: Layer {
  /// The number of groups of channels.
  public let groups: Int

  /// Creates a layer for `groups` groups of channels.
  public init(_ groups: Int) { self.groups = groups }

  public override func forward(_ input: Tensor) -> Tensor { input.channelShuffled(groups) }
}

public import LevinTensor

/// Deals the channels of `[batch, channels, …]` out of their groups (Zhang and others 2018).
public final class ChannelShuffle: Layer {
  /// How many groups the channels are in.
  public let groups: Int

  /// A layer for channels in `groups` groups.
  public init(_ groups: Int) { self.groups = groups }

  public override func forward(_ input: Tensor) -> Tensor { input.channelShuffled(groups) }
}

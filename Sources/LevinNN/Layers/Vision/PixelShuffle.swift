public import LevinTensor

/// `[…, channels · factor², height, width]` to `[…, channels, height · factor, width · factor]` (Shi and others 2016).
public final class PixelShuffle: Layer {
  /// How many times larger pictures become.
  public let upscaleFactor: Int

  /// A layer that makes pictures `upscaleFactor` times as high and wide.
  public init(_ upscaleFactor: Int) { self.upscaleFactor = upscaleFactor }

  public override func forward(_ input: Tensor) -> Tensor { input.pixelShuffled(upscaleFactor) }
}

/// `[…, channels, height · factor, width · factor]` to `[…, channels · factor², height, width]`: the way back of
/// ``PixelShuffle``.
public final class PixelUnshuffle: Layer {
  /// How many times smaller pictures become.
  public let downscaleFactor: Int

  /// A layer that makes pictures `downscaleFactor` times less high and wide.
  public init(_ downscaleFactor: Int) { self.downscaleFactor = downscaleFactor }

  public override func forward(_ input: Tensor) -> Tensor { input.pixelUnshuffled(downscaleFactor) }
}

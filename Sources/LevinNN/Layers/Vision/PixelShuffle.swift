public import LevinTensor

/// Turns `[…, channels · factor², height, width]` into `[…, channels, height · factor, width · factor]` (Shi and
/// others 2016).
public final class PixelShuffle: Layer {
  /// The factor by which images become larger.
  public let upscaleFactor: Int

  /// Creates a layer that makes images `upscaleFactor` times as high and wide.
  public init(_ upscaleFactor: Int) { self.upscaleFactor = upscaleFactor }

  public override func forward(_ input: Tensor) -> Tensor { input.pixelShuffled(upscaleFactor) }
}

/// Turns `[…, channels, height · factor, width · factor]` into `[…, channels · factor², height, width]`: the inverse
/// of ``PixelShuffle``.
public final class PixelUnshuffle: Layer {
  /// The factor by which images become smaller.
  public let downscaleFactor: Int

  /// Creates a layer that divides the height and width of images by `downscaleFactor`.
  public init(_ downscaleFactor: Int) { self.downscaleFactor = downscaleFactor }

  public override func forward(_ input: Tensor) -> Tensor { input.pixelUnshuffled(downscaleFactor) }
}

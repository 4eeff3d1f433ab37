internal import LevinFormats

extension LoggedImage {
  /// Decodes the pixels of a PNG picture, at most 64 Mi of them.
  public func pixels() throws(EventFileError) -> PixelImage {
    guard format == .png else {
      throw .undecodableImage(
        "it is \(format == .unknown ? "of no known format" : format.rawValue), not png")
    }
    do throws(PNGError) {
      let pixels = try PNG.decode(encoded)
      return PixelImage(
        width: pixels.width, height: pixels.height, channels: pixels.channels, pixels: pixels.bytes)
    } catch {
      throw .undecodableImage(error.description)
    }
  }
}

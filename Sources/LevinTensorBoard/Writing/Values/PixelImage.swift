internal import LevinFormats
internal import LevinSystem

/// Pixels of 8 bits: rows from the top, channels side by side (`[height, width, channels]`).
public struct PixelImage: Sendable, Hashable {
  /// The width in pixels.
  public var width: Int
  /// The height in pixels.
  public var height: Int
  /// The number of channels: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
  public var channels: Int
  /// One byte for each channel of each pixel.
  public var pixels: [UInt8]

  /// Creates a picture; traps unless `pixels` has width × height × channels bytes.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    guard pixels.count == width * height * channels else {
      fail(
        "PixelImage",
        "\(pixels.count) bytes for \(width)×\(height) pixels of \(channels) channels",
        expected: "\(width * height * channels)")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// The picture as a PNG file.
  public var png: [UInt8] {
    PNG.encode(width: width, height: height, channels: channels, pixels: pixels)
  }
}

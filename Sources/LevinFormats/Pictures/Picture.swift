internal import LevinSystem

/// A picture in memory: rows from the top, the channels of a pixel side by side, one byte each.
///
/// That is the order of decoders and of Pillow's `Image`; a tensor has `[channels, height, width]`.
public struct Picture: Sendable, Hashable {
  /// The width in pixels.
  public var width: Int
  /// The height in pixels.
  public var height: Int
  /// 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
  public var channels: Int
  /// `height` × `width` × `channels` bytes.
  public var bytes: [UInt8]

  /// Creates a picture; traps unless there are `height` × `width` × `channels` bytes.
  public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    guard width >= 0, height >= 0, (1...4).contains(channels),
      bytes.count == width * height * channels
    else {
      fail(
        "Picture", "\(bytes.count) bytes for \(width)×\(height) pixels of \(channels) channels",
        expected: "width × height × channels bytes, 1 to 4 channels")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// The greatest number of pixels that files may have unless the caller says otherwise: 178,956,970, Pillow's limit.
  public static let maximumPixels = 178_956_970
}

extension Picture: CustomStringConvertible {
  /// The size and the channels.
  public var description: String {
    let kind = ["gray", "gray and alpha", "RGB", "RGBA"][channels - 1]
    return "\(width)×\(height) pixels, \(kind)"
  }
}

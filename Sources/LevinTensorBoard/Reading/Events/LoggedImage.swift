/// An encoded image, as stored in an event file.
public struct LoggedImage: Sendable, Hashable {
  /// The width in pixels that the writer gave; the encoded picture may differ.
  public var width: Int
  /// The height in pixels that the writer gave.
  public var height: Int
  /// The bytes of a PNG, JPEG, GIF, BMP or WebP file.
  public var encoded: [UInt8]

  /// Creates an image from encoded bytes.
  public init(width: Int = 0, height: Int = 0, encoded: [UInt8] = []) {
    self.width = width
    self.height = height
    self.encoded = encoded
  }

  /// The formats of pictures.
  public enum Format: String, Sendable { case png, jpeg, gif, bmp, webp, unknown }

  /// The format of ``encoded``, judged by its first bytes.
  public var format: Format {
    func begins(_ bytes: [UInt8]) -> Bool { encoded.starts(with: bytes) }
    if begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if begins([0xFF, 0xD8, 0xFF]) { return .jpeg }
    if begins(Array("GIF8".utf8)) { return .gif }
    if begins(Array("BM".utf8)) { return .bmp }
    if begins(Array("RIFF".utf8)), encoded.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return .webp
    }
    return .unknown
  }
}

/// Encoded sound, as stored in an event file.
public struct LoggedAudio: Sendable, Hashable {
  /// Frames per second.
  public var sampleRate: Float = 0
  /// The number of channels.
  public var channels = 0
  /// The length in frames.
  public var frames = 0
  /// The bytes of a sound file, usually WAV.
  public var encoded: [UInt8] = []
  /// The media type, such as `audio/wav`.
  public var contentType = ""

  /// An empty value.
  public init() {}
}

/// The distribution of values, as stored in an event file.
public struct LoggedHistogram: Sendable, Hashable {
  /// `count` values in `left..<right`.
  public struct Bucket: Sendable, Hashable {
    /// The lower edge.
    public var left: Double
    /// The upper edge.
    public var right: Double
    /// The number of values.
    public var count: Double

    /// Creates a bucket.
    public init(left: Double, right: Double, count: Double) {
      self.left = left
      self.right = right
      self.count = count
    }
  }

  /// The buckets in ascending order, without gaps.
  public var buckets: [Bucket] = []
  /// The least value, if the writer gave it, otherwise the left edge of the buckets.
  public var minimum = 0.0
  /// The greatest value, if the writer gave it, otherwise the right edge of the buckets.
  public var maximum = 0.0
  /// The number of values.
  public var count = 0.0
  /// The sum of the values; only in the older form.
  public var sum: Double?
  /// The sum of the squares; only in the older form.
  public var sumOfSquares: Double?

  /// An empty value.
  public init() {}
}

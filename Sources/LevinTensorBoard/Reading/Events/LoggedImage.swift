/// An image as stored in an event file: encoded.
public struct LoggedImage: Sendable, Hashable {
  /// In pixels, as the writer says; the encoded picture may differ.
  public var width: Int
  /// In pixels.
  public var height: Int
  /// The bytes of a PNG, JPEG, GIF, BMP or WebP file.
  public var encoded: [UInt8]

  /// A picture of encoded bytes.
  public init(width: Int = 0, height: Int = 0, encoded: [UInt8] = []) {
    self.width = width
    self.height = height
    self.encoded = encoded
  }

  /// How the picture is encoded, by its first bytes.
  public enum Format: String, Sendable { case png, jpeg, gif, bmp, webp, unknown }

  /// The format of ``encoded``.
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

/// Sound as stored in an event file: encoded.
public struct LoggedAudio: Sendable, Hashable {
  /// Frames a second.
  public var sampleRate: Float = 0
  /// How many channels a frame has.
  public var channels = 0
  /// How long it is, in frames.
  public var frames = 0
  /// The bytes of a sound file, mostly WAV.
  public var encoded: [UInt8] = []
  /// `audio/wav`.
  public var contentType = ""

  /// An empty value.
  public init() {}
}

/// How values were spread.
public struct LoggedHistogram: Sendable, Hashable {
  /// `count` values in `left..<right`.
  public struct Bucket: Sendable, Hashable {
    /// The lower edge.
    public var left: Double
    /// The upper edge.
    public var right: Double
    /// How many values.
    public var count: Double

    /// A bucket.
    public init(left: Double, right: Double, count: Double) {
      self.left = left
      self.right = right
      self.count = count
    }
  }

  /// In ascending order, without gaps.
  public var buckets: [Bucket] = []
  /// Taken over all values where the writer says so, otherwise from the buckets.
  public var minimum = 0.0
  /// The greatest value.
  public var maximum = 0.0
  /// How many values.
  public var count = 0.0
  /// Only the older form says these.
  public var sum: Double?
  /// The sum of the squares.
  public var sumOfSquares: Double?

  /// An empty value.
  public init() {}
}

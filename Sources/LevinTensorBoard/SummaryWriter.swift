/// Writes TensorBoard event files.
public final class SummaryWriter: Sendable {
  /// The folder of the run.
  public let directory: String

  /// A writer into `directory`, which is made if it is missing. The event file appears with the first value.
  public init(directory: String) throws { self.directory = directory }

  /// A point of the curve `tag`.
  public func addScalar(_ tag: String, _ value: Double, step: Int = 0, wallTime: Double? = nil) {}
  /// A picture under `tag`.
  public func addImage(_ tag: String, _ image: PixelImage, step: Int = 0, wallTime: Double? = nil) {}
  /// A text, in Markdown, under `tag/text_summary`.
  public func addText(_ tag: String, _ text: String, step: Int = 0, wallTime: Double? = nil) {}
  /// Returns when everything before it is on the disk.
  public func flush() throws {}
  /// Flushes and closes the file; a later value opens a new one.
  public func close() throws {}
}
/// Pixels of 8 bits: rows from the top, channels side by side (`[height, width, channels]`).
public struct PixelImage: Sendable, Hashable {
  public var width: Int
  public var height: Int
  /// 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
  public var channels: Int
  public var pixels: [UInt8]
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }
}

/// What one event carries.
enum EventContent: Sendable {
  case fileVersion(String, writer: String)
  case sessionStart
  case scalar(tag: String, Float)
  case image(tag: String, PixelImage)
  case text(tag: String, String)
}

/// One event that is still to be written.
struct PendingEvent: Sendable {
  var wallTime: Double
  var step: Int64
  var content: EventContent
}

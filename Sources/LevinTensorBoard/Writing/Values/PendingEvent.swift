/// The content of an event.
enum EventContent: Sendable {
  case fileVersion(String, writer: String)
  case sessionStart
  case mark(String)
  case summary(SummaryItem)
  case graph([UInt8])
  case runMetadata(tag: String, [UInt8])
}

/// An event that is waiting to be written.
struct PendingEvent: Sendable {
  var wallTime: Double
  var step: Int64
  var content: EventContent
}

/// One value of a step, with the information for its plugin.
struct SummaryItem: Sendable {
  enum Content: Sendable {
    case none
    case scalar(Float)
    case image(PixelImage)
    case video([PixelImage], framesPerSecond: Double)
    case audio(sampleRate: Float, channels: Int, frames: Int, wav: [UInt8])
    case histogram(HistogramSummary)
    case tensor(TensorSummary)
  }
  var tag: String
  var metadata: SummaryMetadata?
  var content: Content
}

/// A tensor as stored in summaries.
///
/// If `shape` is nil the field is left out, which readers take for a scalar.
struct TensorSummary: Sendable {
  enum Values: Sendable {
    case floats([Float])
    case integers([Int64])
    case strings([[UInt8]])
  }
  var shape: [Int]?
  var values: Values
}

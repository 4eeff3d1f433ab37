/// One record of an event file, decoded (TensorFlow's `Event`).
public struct LoggedEvent: Sendable, Hashable {
  /// Seconds since 1970.
  public var wallTime: Double = 0
  public var step: Int = 0
  public var content: Content = .none
  /// Who wrote the file; stands in a file's first event.
  public var sourceWriter: String?

  /// What an event carries.
  public enum Content: Sendable, Hashable {
    case none
    /// `brain.Event:2` in a file's first event.
    case fileVersion(String)
    /// A serialised `GraphDef`.
    case graph([UInt8])
    case summary([SummaryValue])
    case sessionLog(SessionLog)
    /// Costs of a graph's nodes: a serialised `RunMetadata`.
    case runMetadata(tag: String, bytes: [UInt8])
    /// A serialised `MetaGraphDef`.
    case metaGraph([UInt8])
    /// A deprecated log message.
    case message(level: Int, text: String)
  }

  public init() {}
}

/// The start, stop or checkpoint of a session.
public struct SessionLog: Sendable, Hashable {
  public enum Status: Int, Sendable { case unspecified, start, stop, checkpoint }

  public var status: Status = .unspecified
  public var checkpointPath = ""
  public var message = ""

  public init() {}
}

/// A value of a summary under its tag.
public struct SummaryValue: Sendable, Hashable {
  public var tag = ""
  public var nodeName = ""
  /// Which plugin shows the tag, as said in this event; a tag's first event counts for all of its later ones.
  public var metadata: SummaryMetadata?
  public var content: Content = .none

  public enum Content: Sendable, Hashable {
    case none
    case scalar(Float)
    case image(LoggedImage)
    case histogram(LoggedHistogram)
    case audio(LoggedAudio)
    case tensor(LoggedTensor)
    /// A histogram of a form that was given up before TensorFlow 1.0.
    case obsoleteHistogram([UInt8])
  }

  public init() {}
}

/// What a tag's first event says about the tag.
public struct SummaryMetadata: Sendable, Hashable {
  /// How TensorBoard samples the tag.
  public enum DataClass: Int, Sendable { case unknown, scalar, tensor, blobSequence }

  public var pluginName = ""
  /// The plugin's own message.
  public var pluginContent: [UInt8] = []
  public var displayName = ""
  /// In Markdown.
  public var description = ""
  public var dataClass = DataClass.unknown

  public init() {}
}

/// One record of an event file, decoded (TensorFlow's `Event`).
public struct LoggedEvent: Sendable, Hashable {
  /// Seconds since 1970.
  public var wallTime: Double = 0
  /// The step that the writer gave.
  public var step: Int = 0
  /// The content of the event.
  public var content: Content = .none
  /// The program that wrote the file; given in a file's first event.
  public var sourceWriter: String?

  /// The kinds of content.
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

  /// An empty value.
  public init() {}
}

/// The start, stop or checkpoint of a session.
public struct SessionLog: Sendable, Hashable {
  /// What happened.
  public enum Status: Int, Sendable { case unspecified, start, stop, checkpoint }

  /// What happened.
  public var status: Status = .unspecified
  /// The path of a checkpoint.
  public var checkpointPath = ""
  /// A remark of the writer.
  public var message = ""

  /// An empty value.
  public init() {}
}

/// One value of a summary, with its tag.
public struct SummaryValue: Sendable, Hashable {
  /// The name under which TensorBoard shows it.
  public var tag = ""
  /// The node of the graph that it came from; usually empty.
  public var nodeName = ""
  /// The plugin that shows the tag, according to this event; for TensorBoard a tag's first event decides.
  public var metadata: SummaryMetadata?
  /// The content of the value.
  public var content: Content = .none

  /// The forms of a value.
  public enum Content: Sendable, Hashable {
    case none
    case scalar(Float)
    case image(LoggedImage)
    case histogram(LoggedHistogram)
    case audio(LoggedAudio)
    case tensor(LoggedTensor)
    /// A histogram in a form that was abandoned before TensorFlow 1.0.
    case obsoleteHistogram([UInt8])
  }

  /// An empty value.
  public init() {}
}

/// The information about a tag in its first event.
public struct SummaryMetadata: Sendable, Hashable {
  /// How TensorBoard samples the tag.
  public enum DataClass: Int, Sendable { case unknown, scalar, tensor, blobSequence }

  /// The plugin: `scalars`, `images`, `text`, ….
  public var pluginName = ""
  /// The plugin's own message.
  public var pluginContent: [UInt8] = []
  /// A title to show in place of the tag.
  public var displayName = ""
  /// A description in Markdown.
  public var description = ""
  /// How TensorBoard samples it.
  public var dataClass = DataClass.unknown

  /// An empty value.
  public init() {}
}

/// The layout of the Custom Scalars tab, as stored in an event file (`Layout`).
public struct LoggedLayout: Sendable, Hashable {
  /// A group of charts.
  public struct Category: Sendable, Hashable {
    /// The title above the group.
    public var title = ""
    /// The charts, side by side in this order.
    public var charts: [Chart] = []
    /// Whether the group is collapsed at first.
    public var isClosed = false
  }

  /// One chart: of lines, or of lines with bands.
  public struct Chart: Sendable, Hashable {
    /// The title above the chart.
    public var title = ""
    /// Regular expressions for tags; each adds the lines of the tags that match it.
    public var tags: [String] = []
    /// Lines, each with a band around it.
    public var margins: [Margin] = []
  }

  /// The tags of a line and of the edges of its band.
  public struct Margin: Sendable, Hashable {
    /// The tag of the line.
    public var value = ""
    /// The tag of the lower edge.
    public var lower = ""
    /// The tag of the upper edge.
    public var upper = ""
  }

  /// The groups in the order of the tab.
  public var categories: [Category] = []

  /// Decodes a serialised `Layout`.
  init(decoding bytes: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(bytes)
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (2, .bytes): categories.append(try Category(decoding: try reader.message()))
      default: try reader.skip(key.kind)
      }
    }
  }
}

extension LoggedLayout.Category {
  fileprivate init(decoding message: WireReader) throws(WireError) {
    var reader = message
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .bytes): title = try reader.string()
      case (2, .bytes): charts.append(try LoggedLayout.Chart(decoding: try reader.message()))
      case (3, .varint): isClosed = try reader.varint() != 0
      default: try reader.skip(key.kind)
      }
    }
  }
}

extension LoggedLayout.Chart {
  fileprivate init(decoding message: WireReader) throws(WireError) {
    var reader = message
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .bytes): title = try reader.string()
      case (2, .bytes):
        var lines = try reader.message()
        while let key = try lines.key() {
          switch (key.field, key.kind) {
          case (1, .bytes): tags.append(try lines.string())
          default: try lines.skip(key.kind)
          }
        }
      case (3, .bytes):
        var series = try reader.message()
        while let key = try series.key() {
          switch (key.field, key.kind) {
          case (1, .bytes):
            margins.append(try LoggedLayout.Margin(decoding: try series.message()))
          default: try series.skip(key.kind)
          }
        }
      default: try reader.skip(key.kind)
      }
    }
  }
}

extension LoggedLayout.Margin {
  fileprivate init(decoding message: WireReader) throws(WireError) {
    var reader = message
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .bytes): value = try reader.string()
      case (2, .bytes): lower = try reader.string()
      case (3, .bytes): upper = try reader.string()
      default: try reader.skip(key.kind)
      }
    }
  }
}

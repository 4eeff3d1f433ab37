/// What the Custom Scalars tab shows, as stored in an event file (`Layout`).
public struct LoggedLayout: Sendable, Hashable {
  /// A group of charts.
  public struct Category: Sendable, Hashable {
    /// Shown above the group.
    public var title = ""
    /// Side by side in this order.
    public var charts: [Chart] = []
    /// Whether the group is folded at first.
    public var isClosed = false
  }

  /// One chart: of lines, or of lines with bands.
  public struct Chart: Sendable, Hashable {
    /// Shown above the chart.
    public var title = ""
    /// Regular expressions of tags, a line each.
    public var tags: [String] = []
    /// Lines with a band around each.
    public var margins: [Margin] = []
  }

  /// Tags of a line and of the edges of its band.
  public struct Margin: Sendable, Hashable {
    /// The line.
    public var value = ""
    /// The lower edge.
    public var lower = ""
    /// The upper edge.
    public var upper = ""
  }

  /// In the order of the tab.
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

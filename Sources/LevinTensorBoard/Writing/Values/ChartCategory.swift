/// A group of charts on the Custom Scalars tab.
public struct ChartCategory: Sendable, Hashable {
  /// One chart.
  public struct Chart: Sendable, Hashable {
    /// The content of a chart; tags are regular expressions.
    public enum Content: Sendable, Hashable {
      /// A line for each tag.
      case multiline([String])
      /// A line with a band between two others.
      case margin(value: String, lower: String, upper: String)
    }
    /// The title above the chart.
    public var title: String
    /// The content of the chart.
    public var content: Content

    /// Creates a chart.
    public init(_ title: String, _ content: Content) {
      self.title = title
      self.content = content
    }
  }

  /// The title above the group.
  public var title: String
  /// The charts, side by side in this order.
  public var charts: [Chart]
  /// Whether the group is collapsed at first.
  public var isClosed: Bool

  /// Creates a group of charts.
  public init(_ title: String, _ charts: [Chart], isClosed: Bool = false) {
    self.title = title
    self.charts = charts
    self.isClosed = isClosed
  }
}

/// A group of charts on the Custom Scalars tab.
public struct ChartCategory: Sendable, Hashable {
  /// One chart.
  public struct Chart: Sendable, Hashable {
    /// What a chart draws; tags are regular expressions.
    public enum Content: Sendable, Hashable {
      /// A line for each tag.
      case multiline([String])
      /// A line with a band between two others.
      case margin(value: String, lower: String, upper: String)
    }
    /// Shown above the chart.
    public var title: String
    /// What it draws.
    public var content: Content

    /// A chart.
    public init(_ title: String, _ content: Content) {
      self.title = title
      self.content = content
    }
  }

  /// Shown above the group.
  public var title: String
  /// Side by side in this order.
  public var charts: [Chart]
  /// Whether the group is folded at first.
  public var isClosed: Bool

  /// A group of charts.
  public init(_ title: String, _ charts: [Chart], isClosed: Bool = false) {
    self.title = title
    self.charts = charts
    self.isClosed = isClosed
  }
}

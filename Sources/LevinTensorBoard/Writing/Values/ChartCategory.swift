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
    public var title: String
    public var content: Content

    public init(_ title: String, _ content: Content) {
      self.title = title
      self.content = content
    }
  }

  public var title: String
  public var charts: [Chart]
  /// Whether the group is folded at first.
  public var isClosed: Bool

  public init(_ title: String, _ charts: [Chart], isClosed: Bool = false) {
    self.title = title
    self.charts = charts
    self.isClosed = isClosed
  }
}

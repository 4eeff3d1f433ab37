internal import LevinSystem

/// What a metric draws, as numbers and texts (torchmetrics' `plot()`).
public struct MetricPlot: Sendable, Equatable {
  /// The kinds of drawings.
  public enum Content: Sendable, Equatable {
    /// Lines through points.
    case lines([Line])
    /// Numbers in cells, row by row from the top.
    case cells([[Double]], rows: [String], columns: [String])
  }

  /// A line through points.
  public struct Line: Sendable, Equatable {
    /// The name in the legend; empty if there is one line without a score.
    public var name: String
    /// The horizontal positions.
    public var x: [Double]
    /// The vertical positions, as many as `x`.
    public var y: [Double]

    /// Creates a line.
    public init(name: String = "", x: [Double], y: [Double]) {
      (self.name, self.x, self.y) = (name, x, y)
    }
  }

  /// What is drawn.
  public var content: Content
  /// The text above it.
  public var title: String
  /// The text below the horizontal axis.
  public var xLabel: String
  /// The text beside the vertical axis.
  public var yLabel: String

  /// Creates a drawing.
  public init(content: Content, title: String, xLabel: String, yLabel: String) {
    (self.content, self.title, self.xLabel, self.yLabel) = (content, title, xLabel, yLabel)
  }
}

/// A metric that draws more than numbers over time.
public protocol PlottedMetric: Metric {
  /// One drawing, or one for each label; `labels` are the names of classes or labels, by default their numbers.
  ///
  /// Traps unless there is one name for each class or label.
  func plots(labels: [String]?) -> [MetricPlot]
}

extension PlottedMetric {
  /// One drawing, or one for each label, with the numbers of classes or labels as their names.
  public func plots() -> [MetricPlot] { plots(labels: nil) }
}

extension MetricPlot {
  /// `labels`, or the numbers of classes; traps unless there is one for each.
  static func names(_ labels: [String]?, count: Int, of metric: Metric) -> [String] {
    let names = labels ?? (0..<count).map { "\($0)" }
    guard names.count == count else {
      fail("\(type(of: metric)).plots(labels:)", "\(names.count) labels", expected: "\(count)")
    }
    return names
  }

  /// A number of 0 or more with three decimals.
  static func rounded(_ number: Float) -> String {
    guard number.isFinite else { return "nan" }
    let thousandths = Int((Double(number) * 1000).rounded())
    return "\(thousandths / 1000).\("\(1000 + thousandths % 1000)".dropFirst())"
  }
}

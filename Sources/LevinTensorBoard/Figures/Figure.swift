internal import LevinSystem

/// A plot with axes, ticks, labels and a legend, drawn as an image.
///
/// Non-finite values are left out.
public struct Figure: Sendable {
  /// What a figure draws.
  public enum Content: Sendable {
    /// Lines through points, x rising.
    case lines([Series])
    /// Points.
    case scatter([Series])
    /// A bar from 0 for each label.
    case bars(labels: [String], values: [Double])
    /// A matrix as colours with its numbers in the cells; rows from the top.
    case heatmap([[Double]], rows: [String], columns: [String])
  }

  /// Points of one colour with a name for the legend.
  public struct Series: Sendable {
    /// Shown in the legend; none where it is empty.
    public var name: String
    /// Horizontal places.
    public var x: [Double]
    /// Vertical places; as many as `x`.
    public var y: [Double]

    /// Points; traps where `x` and `y` differ in number.
    public init(_ name: String = "", x: [Double], y: [Double]) {
      guard x.count == y.count else {
        fail("Figure.Series", "\(x.count) x and \(y.count) y", expected: "equal numbers")
      }
      (self.name, self.x, self.y) = (name, x, y)
    }

    /// Values at 0, 1, 2 and so on.
    public init(_ name: String = "", _ values: [Double]) {
      self.init(name, x: values.indices.map(Double.init), y: values)
    }
  }

  /// What is drawn.
  public var content: Content
  /// Above the plot.
  public var title: String
  /// Below the horizontal axis.
  public var xLabel: String
  /// Above the vertical axis.
  public var yLabel: String
  /// Pixels of the picture, at least 160 × 120.
  public var size: (width: Int, height: Int)

  /// A figure; traps where bars and labels, or the rows of a matrix, do not fit.
  public init(
    _ content: Content, title: String = "", xLabel: String = "", yLabel: String = "",
    size: (width: Int, height: Int) = (640, 480)
  ) {
    switch content {
    case .bars(let labels, let values) where labels.count != values.count:
      fail(
        "Figure", "\(labels.count) labels for \(values.count) bars", expected: "one each")
    case .heatmap(let values, let rows, let columns)
    where values.count != rows.count || values.contains { $0.count != columns.count }:
      fail(
        "Figure", "rows of \(values.map(\.count)) values",
        expected: "a matrix of \(rows.count) rows and \(columns.count) columns")
    default: break
    }
    self.content = content
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.size = (max(160, size.width), max(120, size.height))
  }

  /// Counts of predicted classes (columns) for each true class (rows).
  ///
  /// Traps where the numbers differ or a class has no name.
  public static func confusionMatrix(
    labels: [Int], predictions: [Int], classes: [String], title: String = "Confusion matrix"
  ) -> Figure {
    let known = classes.indices
    guard labels.count == predictions.count, (labels + predictions).allSatisfy(known.contains)
    else {
      fail(
        "Figure.confusionMatrix",
        "\(labels.count) labels and \(predictions.count) predictions",
        expected: "as many of both, each in 0..<\(classes.count)")
    }
    var counts = known.map { _ in known.map { _ in 0.0 } }
    for (label, prediction) in zip(labels, predictions) { counts[label][prediction] += 1 }
    return Figure(
      .heatmap(counts, rows: classes, columns: classes), title: title, xLabel: "predicted",
      yLabel: "true", size: (max(480, 130 + classes.count * 48), max(420, 130 + classes.count * 40))
    )
  }

  /// The drawn figure, RGB.
  public var image: PixelImage {
    var painter = FigurePainter(self)
    painter.draw()
    return painter.raster.image
  }
}

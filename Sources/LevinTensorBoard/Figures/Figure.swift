internal import LevinSystem

/// A plot with axes, ticks, labels and a legend, drawn as an image.
///
/// Non-finite values are left out.
public struct Figure: Sendable {
  /// What a figure draws.
  public enum Content: Sendable {
    /// Lines through points, in ascending order of x.
    case lines([Series])
    /// Points.
    case scatter([Series])
    /// A bar from 0 for each label.
    case bars(labels: [String], values: [Double])
    /// A matrix as colours with its numbers in the cells; rows from the top.
    case heatmap([[Double]], rows: [String], columns: [String])
  }

  /// Points of one colour, with a name for the legend.
  public struct Series: Sendable {
    /// The name in the legend; if it is empty the series is not listed.
    public var name: String
    /// The horizontal positions.
    public var x: [Double]
    /// The vertical positions, as many as `x`.
    public var y: [Double]

    /// Creates a series of points; traps unless `x` and `y` have the same number.
    public init(_ name: String = "", x: [Double], y: [Double]) {
      guard x.count == y.count else {
        fail("Figure.Series", "\(x.count) x and \(y.count) y", expected: "equal numbers")
      }
      (self.name, self.x, self.y) = (name, x, y)
    }

    /// Creates a series with the values at x = 0, 1, 2, ….
    public init(_ name: String = "", _ values: [Double]) {
      self.init(name, x: values.indices.map(Double.init), y: values)
    }
  }

  /// What is drawn.
  public var content: Content
  /// The text above the plot.
  public var title: String
  /// The text below the horizontal axis.
  public var xLabel: String
  /// The text above the vertical axis.
  public var yLabel: String
  /// The size of the picture in pixels, at least 160 × 120.
  public var size: (width: Int, height: Int)

  /// Creates a figure; traps unless the labels match the bars, or the rows and columns match the matrix.
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
  /// Traps unless there are as many predictions as labels, and all are indices of `classes`.
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
      matrix: counts, rows: classes, columns: classes, title: title, xLabel: "predicted",
      yLabel: "true")
  }

  /// A matrix as coloured cells with their numbers, in a size that fits them.
  ///
  /// Traps unless there is a name for each row and each column.
  public init(
    matrix: [[Double]], rows: [String], columns: [String], title: String = "", xLabel: String = "",
    yLabel: String = ""
  ) {
    self.init(
      .heatmap(matrix, rows: rows, columns: columns), title: title, xLabel: xLabel, yLabel: yLabel,
      size: (max(480, 130 + columns.count * 48), max(420, 130 + rows.count * 40)))
  }

  /// The figure drawn as an RGB image.
  public var image: PixelImage {
    var painter = FigurePainter(self)
    painter.draw()
    return painter.raster.image
  }
}

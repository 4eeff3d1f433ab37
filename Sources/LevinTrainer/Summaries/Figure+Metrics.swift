public import LevinMetrics
public import LevinTensorBoard

extension Figure {
  /// A metric's drawing as a figure: the cells of a confusion matrix, or curves such as ROC and precision-recall.
  ///
  ///     for plot in roc.plots() { logger.addFigure("val/roc", Figure(plot), step: currentEpoch) }
  public init(_ plot: MetricPlot) {
    switch plot.content {
    case .lines(let lines):
      self.init(
        .lines(lines.map { Series($0.name, x: $0.x, y: $0.y) }), title: plot.title,
        xLabel: plot.xLabel, yLabel: plot.yLabel)
    case .cells(let values, let rows, let columns):
      self.init(
        matrix: values, rows: rows, columns: columns, title: plot.title, xLabel: plot.xLabel,
        yLabel: plot.yLabel)
    }
  }
}

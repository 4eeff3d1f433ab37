extension SummaryWriter {
  /// Draws a plot and adds it as an image.
  public func addFigure(
    _ tag: String, _ figure: Figure, step: Int = 0, wallTime: Double? = nil
  ) {
    addImage(tag, figure.image, step: step, wallTime: wallTime)
  }
}

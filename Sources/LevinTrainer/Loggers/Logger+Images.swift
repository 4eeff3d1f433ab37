public import LevinTensor
public import LevinTensorBoard

extension Logger {
  /// Adds an image in a layout without N.
  public func addImage(_ tag: String, _ image: Tensor, layout: TensorLayout, step: Int = 0) {
    write { $0.addImage(tag, image, layout: layout, step: step) }
  }
  /// Adds a batch of images, eight in a row.
  public func addImages(
    _ tag: String, _ images: Tensor, layout: TensorLayout = .nchw, step: Int = 0
  ) {
    write { $0.addImages(tag, images, layout: layout, step: step) }
  }
  /// Adds an image with red boxes; each row of `boxes` is left, top, right, bottom in pixels.
  public func addImageWithBoxes(
    _ tag: String, _ image: Tensor, boxes: Tensor, layout: TensorLayout = .chw, step: Int = 0
  ) {
    write { $0.addImageWithBoxes(tag, image, boxes: boxes, layout: layout, step: step) }
  }
  /// Adds a video of frames `[time, channels, height, width]`, or of clips side by side `[clips, time, channels,
  /// height, width]`.
  public func addVideo(
    _ tag: String, _ frames: Tensor, framesPerSecond: Double = 4, step: Int = 0
  ) {
    write { $0.addVideo(tag, frames, framesPerSecond: framesPerSecond, step: step) }
  }
  /// Adds a plot that Levin draws.
  public func addFigure(_ tag: String, _ figure: Figure, step: Int = 0) {
    write { $0.addFigure(tag, figure, step: step) }
  }
}

public import LevinTensor
public import LevinTensorBoard

extension LoggerCollection {
  /// Adds an image `[channels, height, width]` or `[height, width]`, or in another layout without N; 8-bit integers are
  /// used unchanged, other numbers are clipped to 0…1.
  public func addImage(
    _ tag: String, _ image: Tensor, layout: TensorLayout? = nil, step: Int = 0
  ) {
    guard !isEmpty else { return }
    addImage(tag, PixelImage.image(image, layout: layout, for: "addImage"), step: step)
  }
  /// Adds a batch of images as one picture, eight in a row.
  public func addImages(
    _ tag: String, _ images: Tensor, layout: TensorLayout = .nchw, step: Int = 0
  ) {
    guard !isEmpty else { return }
    let pictures = PixelImage.images(images, layout: layout, for: "addImages")
    addImage(tag, PixelImage(sideBySide: pictures), step: step)
  }
  /// Adds an image with red boxes; each row of `boxes` is left, top, right, bottom in pixels.
  public func addImageWithBoxes(
    _ tag: String, _ image: Tensor, boxes: Tensor, layout: TensorLayout = .chw, step: Int = 0
  ) {
    guard !isEmpty else { return }
    addImage(tag, PixelImage.image(image, boxes: boxes, layout: layout), step: step)
  }
  /// Adds a plot that Levin draws.
  public func addFigure(_ tag: String, _ figure: Figure, step: Int = 0) {
    guard !isEmpty else { return }
    addImage(tag, figure.image, step: step)
  }
  /// Adds a video of frames `[time, channels, height, width]`, or of clips side by side `[clips, time, channels,
  /// height, width]`.
  public func addVideo(
    _ tag: String, _ frames: Tensor, framesPerSecond: Double = 4, step: Int = 0
  ) {
    write { $0.addVideo(tag, frames, framesPerSecond: framesPerSecond, step: step) }
  }
}

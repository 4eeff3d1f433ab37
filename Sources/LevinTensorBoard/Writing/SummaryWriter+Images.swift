extension SummaryWriter {
  /// A picture under `tag`.
  public func addImage(
    _ tag: String, _ image: PixelImage, step: Int = 0, wallTime: Double? = nil,
    title: String? = nil, description: String? = nil
  ) {
    let extra = SummaryMetadata(
      plugin: "images", dataClass: .blobSequence, title: title, description: description)
    add(tag, .image(image), extra, step, wallTime)
  }

  /// Pictures of one size side by side, eight in a row, the rest black, as PyTorch's `add_images`
  /// lays them out.
  ///
  /// Traps where sizes or channels differ, or there are none.
  public func addImages(
    _ tag: String, _ images: [PixelImage], step: Int = 0, wallTime: Double? = nil
  ) {
    addImage(tag, PixelImage(sideBySide: images), step: step, wallTime: wallTime)
  }

  /// A picture with frames drawn into it, red and two pixels wide.
  ///
  /// Boxes are left, top, right, bottom in pixels.
  public func addImage(
    _ tag: String, _ image: PixelImage, boxes: [PixelBox], step: Int = 0, wallTime: Double? = nil
  ) {
    addImage(tag, image.drawing(boxes), step: step, wallTime: wallTime)
  }

  /// A moving picture: frames of one size, shown as an animated GIF on the Images tab.
  ///
  /// Traps where there are no frames or sizes differ.
  public func addVideo(
    _ tag: String, _ frames: [PixelImage], framesPerSecond: Double = 4, step: Int = 0,
    wallTime: Double? = nil
  ) {
    guard let first = frames.first else { fatalError("addVideo: no frames; expected at least one") }
    let gif = GIF.encode(
      frames.map(\.rgb), width: first.width, height: first.height, framesPerSecond: framesPerSecond)
    add(
      tag, .encodedImage(width: first.width, height: first.height, channels: 3, gif), nil, step,
      wallTime)
  }
}

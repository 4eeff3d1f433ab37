extension SummaryWriter {
  /// Adds a picture.
  ///
  /// Traps if it has no pixels, or more than four channels.
  public func addImage(
    _ tag: String, _ image: PixelImage, step: Int = 0, wallTime: Double? = nil,
    title: String? = nil, description: String? = nil
  ) {
    check(image, for: "addImage", tag)
    let extra = SummaryMetadata(
      plugin: "images", dataClass: .blobSequence, title: title, description: description)
    add(tag, .image(image), extra, step, wallTime)
  }

  /// Adds pictures of the same size side by side, eight in a row, as PyTorch's `add_images` arranges them; the rest
  /// is black.
  ///
  /// Traps if sizes or channels differ, or if there are no pictures.
  public func addImages(
    _ tag: String, _ images: [PixelImage], step: Int = 0, wallTime: Double? = nil
  ) {
    check(images, for: "addImages", tag)
    addImage(tag, PixelImage(sideBySide: images), step: step, wallTime: wallTime)
  }

  /// Adds a picture with boxes drawn on it, red and two pixels wide.
  ///
  /// Boxes are left, top, right, bottom in pixels.
  public func addImage(
    _ tag: String, _ image: PixelImage, boxes: [PixelBox], step: Int = 0, wallTime: Double? = nil
  ) {
    check(image, for: "addImage", tag)
    addImage(tag, image.drawing(boxes), step: step, wallTime: wallTime)
  }

  /// Adds a video: frames of the same size, shown as an animated GIF on the Images tab.
  ///
  /// Traps if there are no frames, if sizes differ, or if a side is longer than a GIF's 65535 pixels.
  public func addVideo(
    _ tag: String, _ frames: [PixelImage], framesPerSecond: Double = 4, step: Int = 0,
    wallTime: Double? = nil
  ) {
    check(frames, for: "addVideo", tag)
    let side = max(frames[0].width, frames[0].height)
    guard side <= GIF.longestSide else {
      refuse(
        "addVideo", tag, found: "a side of \(side) pixels",
        expected: "at most \(GIF.longestSide), the limit of a GIF")
    }
    add(tag, .video(frames, framesPerSecond: framesPerSecond), nil, step, wallTime)
  }
}

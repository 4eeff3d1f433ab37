extension SummaryWriter {
  /// A picture under `tag`.
  ///
  /// Traps where it has no pixels, or more than four channels.
  public func addImage(
    _ tag: String, _ image: PixelImage, step: Int = 0, wallTime: Double? = nil,
    title: String? = nil, description: String? = nil
  ) {
    check(image, for: "addImage", tag)
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
    check(images, for: "addImages", tag)
    addImage(tag, PixelImage(sideBySide: images), step: step, wallTime: wallTime)
  }

  /// A picture with frames drawn into it, red and two pixels wide.
  ///
  /// Boxes are left, top, right, bottom in pixels.
  public func addImage(
    _ tag: String, _ image: PixelImage, boxes: [PixelBox], step: Int = 0, wallTime: Double? = nil
  ) {
    check(image, for: "addImage", tag)
    addImage(tag, image.drawing(boxes), step: step, wallTime: wallTime)
  }

  /// A video: frames of one size, shown as an animated GIF on the Images tab.
  ///
  /// Traps where there are no frames, sizes differ, or a side is longer than a GIF's 65535 pixels.
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

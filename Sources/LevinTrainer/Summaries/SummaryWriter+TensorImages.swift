internal import LevinSystem
public import LevinTensor
public import LevinTensorBoard

extension SummaryWriter {
  /// Adds an image; `layout` is one without N, nil for CHW or, if there are two dimensions, HW.
  public func addImage(
    _ tag: String, _ image: Tensor, layout: TensorLayout? = nil, step: Int = 0
  ) {
    addImage(tag, PixelImage.image(image, layout: layout, for: "addImage"), step: step)
  }

  /// Adds a batch of images, eight in a row.
  public func addImages(
    _ tag: String, _ images: Tensor, layout: TensorLayout = .nchw, step: Int = 0
  ) {
    addImages(tag, PixelImage.images(images, layout: layout, for: "addImages"), step: step)
  }

  /// Adds an image with red boxes; each row of `boxes` is left, top, right, bottom in pixels.
  public func addImageWithBoxes(
    _ tag: String, _ image: Tensor, boxes: Tensor, layout: TensorLayout = .chw, step: Int = 0
  ) {
    addImage(tag, PixelImage.image(image, boxes: boxes, layout: layout), step: step)
  }

  /// Adds a video of frames `[time, channels, height, width]`, or of clips that run side by side, `[clips, time,
  /// channels, height, width]`.
  ///
  /// Clips are arranged in PyTorch's grid: their number is rounded up to a power of two, the grid is at least as wide
  /// as high, and missing clips are black.
  public func addVideo(
    _ tag: String, _ frames: Tensor, framesPerSecond: Double = 4, step: Int = 0
  ) {
    guard frames.rank == 5 else {
      addVideo(
        tag, PixelImage.images(frames, layout: .nchw, for: "addVideo"),
        framesPerSecond: framesPerSecond, step: step)
      return
    }
    let (clips, times) = (frames.shape[0], frames.shape[1])
    let pictures = PixelImage.images(
      frames.reshaped(to: Shape([clips * times] + frames.shape.dropFirst(2))), layout: .nchw,
      for: "addVideo")
    let rows = 1 << (max(0, Int.bitWidth - clips.leadingZeroBitCount - 1) / 2)
    let places = clips < 2 ? 1 : 1 << (Int.bitWidth - (clips - 1).leadingZeroBitCount)
    addVideo(
      tag,
      (0..<(clips > 0 ? times : 0)).map { time in
        PixelImage(
          sideBySide: (0..<clips).map { pictures[$0 * times + time] }, columns: places / rows,
          rows: rows)
      },
      framesPerSecond: framesPerSecond, step: step)
  }
}

extension PixelImage {
  /// The picture of a tensor with red boxes, left, top, right, bottom in each row of `boxes`.
  static func image(_ image: Tensor, boxes: Tensor, layout: TensorLayout) -> PixelImage {
    let rows = boxes.rows(for: "addImageWithBoxes")
    guard rows.allSatisfy({ $0.count == 4 }) else {
      fail("addImageWithBoxes", "boxes of shape \(boxes.shape)", expected: "[boxes, 4]")
    }
    let limit = Double(Int32.max)
    let frames = rows.map { row in
      let edges = row.map { $0.isNaN ? 0 : Int(min(limit, max(-limit, $0))) }
      return PixelBox(left: edges[0], top: edges[1], right: edges[2], bottom: edges[3])
    }
    return Self.image(image, layout: layout, for: "addImageWithBoxes").drawing(frames)
  }
}

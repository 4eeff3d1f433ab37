/// Pictures of one size side by side, enlarged so that details and captions are readable, each with a caption below it.
package struct CaptionedImages {
  /// A short text, red if something is wrong.
  package struct Caption {
    let text: String
    let isWrong: Bool

    package init(text: String, isWrong: Bool) { (self.text, self.isWrong) = (text, isWrong) }
  }

  private let images: [PixelImage]
  private let captions: [Caption]

  /// As many captions as pictures; at least one.
  package init(_ images: [PixelImage], captions: [Caption]) {
    (self.images, self.captions) = (images, captions)
  }

  /// The picture, eight in a row.
  package var image: PixelImage {
    let columns = min(8, images.count)
    let rows = (images.count + columns - 1) / columns
    // TensorBoard shows 350 pixels, whatever the size: captions grow with the pictures.
    let factor = max(1, 72 / max(images[0].width, 1))
    let (width, height) = (images[0].width * factor, images[0].height * factor)
    let letters = max(12, Double(width) / 6)
    let cell = (width: width + 8, height: height + Int(letters * 2) + 2)
    var raster = Raster(width: columns * cell.width + 8, height: rows * cell.height + 8)
    for (index, image) in images.enumerated() {
      let (left, top) = (8 + index % columns * cell.width, 8 + index / columns * cell.height)
      raster.draw(image, left, top, factor: factor)
      let caption = captions[index]
      let color: Raster.Color = caption.isWrong ? (196, 30, 30) : FigurePainter.ink
      let room = Double(width)
      let natural = StrokeFont.width(caption.text, size: letters)
      let size = natural > room ? letters * room / natural : letters
      let start = Double(left) + (room - StrokeFont.width(caption.text, size: size)) / 2
      raster.text(
        caption.text, start, Double(top + height) + 5 + letters, size: size, color,
        weight: size * 0.165)
    }
    return raster.image
  }
}

extension Raster {
  /// Draws a picture with its top left corner at a point, each of its pixels `factor` wide and high.
  mutating func draw(_ image: PixelImage, _ left: Int, _ top: Int, factor: Int) {
    let rgb = image.rgb
    for y in 0..<image.height {
      for x in 0..<image.width {
        let place = (y * image.width + x) * 3
        let (column, row) = (left + x * factor, top + y * factor)
        fill(
          column..<column + factor, row..<row + factor,
          (rgb[place], rgb[place + 1], rgb[place + 2]))
      }
    }
  }
}

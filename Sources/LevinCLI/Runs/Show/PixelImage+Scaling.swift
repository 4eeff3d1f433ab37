internal import LevinTensorBoard

extension PixelImage {
  /// The red, green and blue of a pixel; transparent pixels are drawn over white.
  func color(_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8) {
    let start = (y * width + x) * channels
    let isGray = channels < 3
    let red = pixels[start]
    let green = isGray ? red : pixels[start + 1]
    let blue = isGray ? red : pixels[start + 2]
    guard channels == 2 || channels == 4 else { return (red, green, blue) }
    let alpha = Int(pixels[start + channels - 1])
    func over(_ value: UInt8) -> UInt8 { UInt8((Int(value) * alpha + 255 * (255 - alpha)) / 255) }
    return (over(red), over(green), over(blue))
  }

  /// The picture scaled down to fit, if it is larger; each new pixel is the mean of those that it covers.
  func scaled(toFit columns: Int, _ rows: Int) -> PixelImage {
    let factor = min(Double(columns) / Double(width), Double(rows) / Double(height), 1)
    guard factor < 1 else { return self }
    let newWidth = max(1, Int((Double(width) * factor).rounded(.down)))
    let newHeight = max(1, Int((Double(height) * factor).rounded(.down)))
    var result: [UInt8] = []
    result.reserveCapacity(newWidth * newHeight * 3)
    for y in 0..<newHeight {
      let top = y * height / newHeight
      let bottom = max(top + 1, (y + 1) * height / newHeight)
      for x in 0..<newWidth {
        let left = x * width / newWidth
        let right = max(left + 1, (x + 1) * width / newWidth)
        var sum = (0, 0, 0)
        for row in top..<bottom {
          for column in left..<right {
            let (red, green, blue) = color(column, row)
            sum = (sum.0 + Int(red), sum.1 + Int(green), sum.2 + Int(blue))
          }
        }
        let count = (bottom - top) * (right - left)
        result += [UInt8(sum.0 / count), UInt8(sum.1 / count), UInt8(sum.2 / count)]
      }
    }
    return PixelImage(width: newWidth, height: newHeight, channels: 3, pixels: result)
  }
}

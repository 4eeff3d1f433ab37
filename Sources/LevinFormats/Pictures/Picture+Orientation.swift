extension Picture {
  /// The picture as a viewer shows it, given the orientation in a photograph's EXIF data (Pillow's
  /// `ImageOps.exif_transpose`).
  ///
  /// - Parameter orientation: 1 to 8; every other number leaves the picture as it is.
  public func oriented(_ orientation: Int) -> Picture {
    switch orientation {
    case 2: rearranged { x, y in (width - 1 - x, y) }
    case 3: rearranged { x, y in (width - 1 - x, height - 1 - y) }
    case 4: rearranged { x, y in (x, height - 1 - y) }
    case 5: rearranged(transposed: true) { x, y in (y, x) }
    case 6: rearranged(transposed: true) { x, y in (y, height - 1 - x) }
    case 7: rearranged(transposed: true) { x, y in (width - 1 - y, height - 1 - x) }
    case 8: rearranged(transposed: true) { x, y in (width - 1 - y, x) }
    default: self
    }
  }

  /// The picture whose pixel at column x, row y is this one's at `source(x, y)`.
  private func rearranged(
    transposed: Bool = false, _ source: (Int, Int) -> (Int, Int)
  ) -> Picture {
    let (newWidth, newHeight) = transposed ? (height, width) : (width, height)
    let result = [UInt8](unsafeUninitializedCapacity: bytes.count) { output, written in
      bytes.withUnsafeBufferPointer { input in
        var target = 0
        for y in 0..<newHeight {
          for x in 0..<newWidth {
            let (column, row) = source(x, y)
            let place = (row * width + column) * channels
            for channel in 0..<channels {
              output[target] = input[place + channel]
              target += 1
            }
          }
        }
      }
      written = bytes.count
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, bytes: result)
  }
}

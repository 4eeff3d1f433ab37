internal import LevinSystem

/// The order of a picture's numbers: channels, height and width, slowest first.
public enum PixelLayout: Sendable, Hashable {
  case hw, chw, hwc
}

extension PixelImage {
  /// Creates a picture from bytes in a layout.
  ///
  /// Traps if their number does not match.
  public init(_ bytes: [UInt8], height: Int, width: Int, channels: Int = 1, layout: PixelLayout) {
    guard layout == .chw, channels > 1 else {
      self.init(width: width, height: height, channels: layout == .hw ? 1 : channels, pixels: bytes)
      return
    }
    var pixels = [UInt8](repeating: 0, count: bytes.count)
    let plane = height * width
    for channel in 0..<channels {
      for place in 0..<plane { pixels[place * channels + channel] = bytes[channel * plane + place] }
    }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// Creates a picture from numbers 0…1 in a layout, scaled by 255, clipped and truncated as PyTorch's writer does;
  /// NaN becomes 0.
  public init(_ numbers: [Float], height: Int, width: Int, channels: Int = 1, layout: PixelLayout) {
    self.init(
      numbers.map { $0.isNaN ? 0 : UInt8(max(0, min(255, $0 * 255))) }, height: height,
      width: width, channels: channels, layout: layout)
  }

  /// Pictures of the same size, one after another in `bytes`: `.chw` is PyTorch's NCHW, `.hwc` its NHWC.
  ///
  /// Traps if their number does not match.
  public static func batch(
    _ bytes: [UInt8], height: Int, width: Int, channels: Int = 1, layout: PixelLayout
  ) -> [PixelImage] {
    let size = height * width * channels
    guard size > 0, bytes.count.isMultiple(of: size) else {
      fail(
        "PixelImage.batch", "\(bytes.count) bytes",
        expected: "a multiple of \(height)×\(width)×\(channels), which is \(size)")
    }
    return stride(from: 0, to: bytes.count, by: size).map {
      PixelImage(
        Array(bytes[$0..<$0 + size]), height: height, width: width, channels: channels,
        layout: layout)
    }
  }

  /// At least one picture, all of the same size, side by side, eight in a row; the rest is black.
  package init(sideBySide images: [PixelImage]) {
    let columns = min(8, max(1, images.count))
    self.init(sideBySide: images, columns: columns, rows: (images.count + columns - 1) / columns)
  }

  /// At least one picture, all of the same size, in a grid that has room for all; the rest is black.
  package init(sideBySide images: [PixelImage], columns: Int, rows: Int) {
    guard let first = images.first else {
      fail("addImages", "no pictures", expected: "one or more")
    }
    let rowBytes = first.width * first.channels
    var pixels = [UInt8](repeating: 0, count: columns * rows * first.pixels.count)
    for (index, image) in images.enumerated() {
      for y in 0..<first.height {
        let target = ((index / columns * first.height + y) * columns + index % columns) * rowBytes
        pixels.replaceSubrange(
          target..<target + rowBytes, with: image.pixels[y * rowBytes..<(y + 1) * rowBytes])
      }
    }
    self.init(
      width: columns * first.width, height: rows * first.height, channels: first.channels,
      pixels: pixels)
  }

  /// Red, green and blue of each pixel.
  var rgb: [UInt8] {
    switch channels {
    case 3: pixels
    case 4: pixels.indices.filter { $0 % 4 != 3 }.map { pixels[$0] }
    default:
      stride(from: 0, to: pixels.count, by: channels).flatMap {
        [pixels[$0], pixels[$0], pixels[$0]]
      }
    }
  }
}

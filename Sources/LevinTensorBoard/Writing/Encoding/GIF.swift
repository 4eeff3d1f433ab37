/// Animated GIFs (89a); each frame has its own palette, so frames with up to 256 colours are exact.
enum GIF {
  /// Sizes are 16-bit numbers.
  static let longestSide = 65535

  /// - Parameters:
  ///   - frames: Red, green and blue of each pixel, row by row; all frames have the same size.
  ///   - framesPerSecond: At most 50, the most that viewers support.
  static func encode(
    _ frames: [[UInt8]], width: Int, height: Int, framesPerSecond: Double
  ) -> [UInt8] {
    var file = Array("GIF89a".utf8)
    func append(_ value: Int) { file += [UInt8(value & 255), UInt8(value >> 8 & 255)] }
    append(width)
    append(height)
    // There is no global colour table.
    file += [0x70, 0, 0]
    // The animation repeats forever.
    file += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
    let delay = max(2, Int((100 / min(50, max(framesPerSecond, 0.01))).rounded()))
    for frame in frames {
      let (palette, indices) = GIFPalette.reduce(frame)
      // The table's size is a power of two, at least 4, as LZW requires.
      var bits = 2
      while 1 << bits < palette.count / 3 { bits += 1 }
      file += [0x21, 0xF9, 4, 0]
      append(delay)
      file += [0, 0, 0x2C, 0, 0, 0, 0]
      append(width)
      append(height)
      file.append(UInt8(0x80 | bits - 1))
      file += palette + [UInt8](repeating: 0, count: (1 << bits) * 3 - palette.count)
      file.append(UInt8(bits))
      var compressed = LZW.compress(indices, bits: bits)[...]
      while !compressed.isEmpty {
        let block = compressed.prefix(255)
        file.append(UInt8(block.count))
        file += block
        compressed = compressed.dropFirst(block.count)
      }
      file.append(0)
    }
    file.append(0x3B)
    return file
  }
}

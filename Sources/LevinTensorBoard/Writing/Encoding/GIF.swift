/// Animated GIFs (89a): a palette of 6 × 7 × 6 colours, LZW.
enum GIF {
  /// - Parameters:
  ///   - frames: Red, green and blue of each pixel, row by row; all of one size (traps otherwise).
  ///   - framesPerSecond: At most 50, which viewers take.
  static func encode(
    _ frames: [[UInt8]], width: Int, height: Int, framesPerSecond: Double
  ) -> [UInt8] {
    guard frames.allSatisfy({ $0.count == width * height * 3 }), width > 0, height > 0 else {
      fatalError(
        "addVideo: found frames of different sizes; expected \(width)×\(height) pixels each")
    }
    var file = Array("GIF89a".utf8)
    func append(_ value: Int) { file += [UInt8(value & 255), UInt8(value >> 8 & 255)] }
    append(width)
    append(height)
    // A global table of 256 colours.
    file += [0xF7, 0, 0]
    for index in 0..<256 {
      let (red, green, blue) = (index / 42, index / 6 % 7, index % 6)
      file +=
        index < 252 ? [UInt8(red * 51), UInt8(green * 255 / 6), UInt8(blue * 51)] : [0, 0, 0]
    }
    // Shown again and again.
    file += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
    let delay = max(2, Int((100 / max(framesPerSecond, 0.01)).rounded()))
    for frame in frames {
      file += [0x21, 0xF9, 4, 0]
      append(delay)
      file += [0, 0, 0x2C, 0, 0, 0, 0]
      append(width)
      append(height)
      file += [0, 8]
      let indices = stride(from: 0, to: frame.count, by: 3).map { place in
        paletteIndex(Int(frame[place]), Int(frame[place + 1]), Int(frame[place + 2]))
      }
      var compressed = compress(indices)[...]
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

  private static func paletteIndex(_ red: Int, _ green: Int, _ blue: Int) -> UInt8 {
    let level = ((red + 25) / 51, (green * 6 + 127) / 255, (blue + 25) / 51)
    return UInt8(level.0 * 42 + level.1 * 6 + level.2)
  }

  /// Lempel-Ziv-Welch with codes that grow from 9 to 12 bits, least significant bit first.
  private static func compress(_ indices: [UInt8]) -> [UInt8] {
    let (clear, end) = (256, 257)
    var output: [UInt8] = []
    var (bits, bitCount) = (0, 0)
    func emit(_ code: Int, _ width: Int) {
      bits |= code << bitCount
      bitCount += width
      while bitCount >= 8 {
        output.append(UInt8(bits & 255))
        bits >>= 8
        bitCount -= 8
      }
    }
    var table: [Int: Int] = [:]
    var (next, width) = (258, 9)
    emit(clear, width)
    var prefix = -1
    for index in indices {
      guard prefix >= 0 else {
        prefix = Int(index)
        continue
      }
      let key = prefix << 8 | Int(index)
      if let known = table[key] {
        prefix = known
        continue
      }
      emit(prefix, width)
      if next < 4096 {
        table[key] = next
        // The reader's table is one entry behind.
        if next == 1 << width, width < 12 { width += 1 }
        next += 1
      } else {
        emit(clear, width)
        table.removeAll(keepingCapacity: true)
        (next, width) = (258, 9)
      }
      prefix = Int(index)
    }
    if prefix >= 0 { emit(prefix, width) }
    emit(end, width)
    if bitCount > 0 { output.append(UInt8(bits & 255)) }
    return output
  }
}

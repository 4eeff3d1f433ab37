internal import LevinSystem

/// Portable Network Graphics (PNG) with 8 bits per channel.
public enum PNG {
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Encodes a picture as a PNG file.
  ///
  /// `pixels` are rows from the top, channels side by side; `channels` is 1 (gray), 2 (gray and alpha), 3 (RGB) or 4
  /// (RGBA). Traps unless there are width × height × channels bytes.
  public static func encode(
    width: Int, height: Int, channels: Int, pixels: [UInt8], level: Int = 6
  ) -> [UInt8] {
    guard (1...4).contains(channels), width > 0, height > 0,
      pixels.count == width * height * channels
    else {
      fail(
        "PNG.encode",
        "\(pixels.count) bytes for \(width)×\(height) pixels of \(channels) channels",
        expected: "width × height × channels bytes, at least one pixel, 1 to 4 channels")
    }
    var file = signature
    var header: [UInt8] = []
    append(UInt32(width), to: &header)
    append(UInt32(height), to: &header)
    header += [8, [0, 0, 4, 2, 6][channels], 0, 0, 0]
    chunk("IHDR", header, to: &file)
    chunk(
      "IDAT", Gzip.zlibStream(filtered(pixels, width * channels, channels), level: level), to: &file
    )
    chunk("IEND", [], to: &file)
    return file
  }

  /// Rows with their filter byte: each row uses the filter with the least sum of absolute values.
  ///
  /// A picture with few distinct bytes is left unfiltered, because runs then compress better than differences.
  private static func filtered(_ pixels: [UInt8], _ rowBytes: Int, _ pixelBytes: Int) -> [UInt8] {
    let height = pixels.count / rowBytes
    let isMostlyFlat = pixels.lazy.filter { $0 == 0 || $0 == 255 }.count * 2 > pixels.count
    var result = [UInt8](repeating: 0, count: pixels.count + height)
    var candidates = [[UInt8]](repeating: [UInt8](repeating: 0, count: rowBytes), count: 3)
    for y in 0..<height {
      let start = y * rowBytes
      var best = 0
      if !isMostlyFlat {
        var sums = [0, 0, 0]
        for x in 0..<rowBytes {
          let value = pixels[start + x]
          let left = x >= pixelBytes ? pixels[start + x - pixelBytes] : 0
          let above = y > 0 ? pixels[start - rowBytes + x] : 0
          candidates[0][x] = value
          candidates[1][x] = value &- left
          candidates[2][x] = value &- above
          for kind in 0..<3 {
            sums[kind] += Int(Int8(bitPattern: candidates[kind][x]).magnitude)
          }
        }
        best = sums.indices.min { sums[$0] < sums[$1] } ?? 0
      }
      let target = y * (rowBytes + 1)
      result[target] = UInt8(best)
      if best == 0 {
        result.replaceSubrange(
          target + 1..<target + 1 + rowBytes, with: pixels[start..<start + rowBytes])
      } else {
        result.replaceSubrange(target + 1..<target + 1 + rowBytes, with: candidates[best])
      }
    }
    return result
  }

  private static func chunk(_ name: String, _ data: [UInt8], to file: inout [UInt8]) {
    append(UInt32(data.count), to: &file)
    let body = Array(name.utf8) + data
    file += body
    append(CRC32.of(body[...]), to: &file)
  }

  private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
  }
}

extension PNG {
  /// The pixels of a PNG file of any kind: gray, colour or palette, 1 to 16 bits, interlaced or not.
  ///
  /// Palettes become RGB, or RGBA if they have transparency; of 16 bits the upper 8 are kept, also of gray pictures,
  /// whose values above 255 Pillow turns white. Colour spaces are not applied. Memory use is at most 8 bytes per pixel
  /// of the picture, 64 Mi pixels by default, and never more than a thousand times the file's length.
  public static func decode(
    _ file: [UInt8], maximumPixels: Int = 1 << 26
  ) throws(PNGError) -> Picture {
    try reader(file, maximumPixels).picture()
  }

  /// The pixels of a PNG file, as numbers of their colours where the file has a palette.
  ///
  /// Those are in one channel; masks of classes are often stored so. All others are as in ``decode(_:maximumPixels:)``.
  public static func decodeNumbers(
    _ file: [UInt8], maximumPixels: Int = 1 << 26
  ) throws(PNGError) -> Picture {
    var reader = try reader(file, maximumPixels)
    reader.readsNumbers = true
    return try reader.picture()
  }

  /// Pixels of 16 bits: rows from the top, channels side by side, as in a ``Picture``.
  public struct WidePixels: Sendable, Hashable {
    /// The width and the height in pixels.
    public let width, height: Int
    /// 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
    public let channels: Int
    /// `height` × `width` × `channels` values, 0…65535.
    public let values: [UInt16]
  }

  /// The pixels of a PNG file of any kind with all 16 bits, such as a radiograph's; fewer bits are scaled to 0…65535.
  public static func decodeWide(
    _ file: [UInt8], maximumPixels: Int = 1 << 26
  ) throws(PNGError) -> WidePixels {
    let reader = try reader(file, maximumPixels)
    return WidePixels(
      width: reader.header.width, height: reader.header.height, channels: reader.channels,
      values: try reader.samples(of: UInt16.self))
  }

  private static func reader(
    _ file: [UInt8], _ maximumPixels: Int
  ) throws(PNGError) -> PNGPixelReader {
    guard file.starts(with: signature) else { throw PNGError(offset: 0, problem: .notPNG) }
    var header: PNGHeader?
    var palette = PNGPalette()
    var compressed: [UInt8] = []
    var offset = signature.count
    while true {
      let chunk = try PNGChunk(file, at: offset)
      guard let known = header else {
        guard chunk.name == "IHDR" else {
          throw PNGError(offset: offset, problem: .misplaced(chunk: "IHDR"))
        }
        header = try PNGHeader(file[chunk.data], at: offset, maximumPixels: maximumPixels)
        offset = chunk.end
        continue
      }
      switch chunk.name {
      case "PLTE":
        guard chunk.data.count % 3 == 0, chunk.data.count <= 768, compressed.isEmpty else {
          throw PNGError(offset: offset, problem: .misplaced(chunk: "PLTE"))
        }
        palette.colors = Array(file[chunk.data])
      case "tRNS": palette.transparency = Array(file[chunk.data])
      case "IDAT": compressed += file[chunk.data]
      case "IEND":
        let raw = try inflate(compressed, known.rawLength, at: offset)
        return PNGPixelReader(header: known, palette: palette, raw: raw, offset: offset)
      default:
        // An unknown chunk may be skipped unless its name begins with a capital letter.
        guard chunk.isAncillary else {
          throw PNGError(offset: offset, problem: .misplaced(chunk: chunk.name))
        }
      }
      offset = chunk.end
    }
  }

  private static func inflate(
    _ bytes: [UInt8], _ length: Int, at offset: Int
  ) throws(PNGError) -> [UInt8] {
    // Deflate packs at most 1032 bytes into one: a short file cannot claim much memory.
    guard length / 1032 <= bytes.count else {
      throw PNGError(offset: offset, problem: .damagedPixels)
    }
    var isWhole = false
    let raw = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      let room = UnsafeMutableBufferPointer(rebasing: buffer[..<length])
      bytes.withUnsafeBufferPointer { packed in
        isWhole = Inflater.inflateAtOnce(packed, .zlib, into: room)
        guard !isWhole else { return }
        let stream = Inflater(packed, .zlib)
        isWhole = stream.fill(room) == length && stream.hasEnded
      }
      count = isWhole ? length : 0
    }
    guard isWhole else { throw PNGError(offset: offset, problem: .damagedPixels) }
    return raw
  }
}

/// A chunk's place in the file.
private struct PNGChunk {
  let name: String
  let data: Range<Int>
  let isAncillary: Bool
  var end: Int { data.upperBound + 4 }

  init(_ file: [UInt8], at offset: Int) throws(PNGError) {
    guard file.count - offset >= 12 else { throw PNGError(offset: offset, problem: .truncated) }
    let length = Int(word(file, offset))
    guard length <= file.count - offset - 12 else {
      throw PNGError(offset: offset, problem: .truncated)
    }
    data = offset + 8..<offset + 8 + length
    name = String(decoding: file[offset + 4..<offset + 8], as: UTF8.self)
    isAncillary = file[offset + 4] & 0x20 != 0
    guard CRC32.of(file[offset + 4..<data.upperBound]) == word(file, data.upperBound) else {
      throw PNGError(offset: offset, problem: .checksumMismatch(chunk: name))
    }
  }
}

private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
  bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
}

/// The colours of a palette picture, and which are transparent.
struct PNGPalette {
  var colors: [UInt8] = []
  var transparency: [UInt8] = []
}

/// The fields of the IHDR chunk.
struct PNGHeader {
  let width: Int
  let height: Int
  let depth: Int
  /// 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA.
  let color: Int
  let isInterlaced: Bool

  /// Samples per pixel in the file.
  var samples: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][color] ?? 1 }

  /// Width and height of each pass with its first pixel and steps; without interlacing there is one pass.
  var passes: [(width: Int, height: Int, x: Int, y: Int, stepX: Int, stepY: Int)] {
    guard isInterlaced else { return [(width, height, 0, 0, 1, 1)] }
    let starts = [
      (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
      (0, 1, 1, 2),
    ]
    return starts.map { x, y, stepX, stepY in
      ((width - x + stepX - 1) / stepX, (height - y + stepY - 1) / stepY, x, y, stepX, stepY)
    }.filter { $0.0 > 0 && $0.1 > 0 }
  }

  func rowLength(_ width: Int) -> Int { (width * samples * depth + 7) / 8 }

  /// The bytes of all rows, filter bytes included.
  var rawLength: Int { passes.reduce(0) { $0 + $1.height * (1 + rowLength($1.width)) } }

  init(_ bytes: ArraySlice<UInt8>, at offset: Int, maximumPixels: Int) throws(PNGError) {
    guard bytes.count == 13 else {
      throw PNGError(offset: offset, problem: .misplaced(chunk: "IHDR"))
    }
    let bytes = Array(bytes)
    width = Int(word(bytes, 0))
    height = Int(word(bytes, 4))
    depth = Int(bytes[8])
    color = Int(bytes[9])
    isInterlaced = bytes[12] == 1
    let depths: [Int: [Int]] = [
      0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16],
    ]
    guard depths[color]?.contains(depth) == true, bytes[10] == 0, bytes[11] == 0, bytes[12] < 2
    else {
      throw PNGError(
        offset: offset,
        problem: .badHeader("depth \(depth), colour type \(color), interlacing \(bytes[12])"))
    }
    guard width > 0, height > 0 else {
      throw PNGError(offset: offset, problem: .badHeader("\(width)×\(height) pixels"))
    }
    guard width <= maximumPixels / height else {
      throw PNGError(
        offset: offset, problem: .tooLarge(width: width, height: height, limit: maximumPixels))
    }
  }
}
